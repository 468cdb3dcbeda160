/** An office's own accent, made readable in either theme. */

const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
const written = (rgb) => `#${rgb.map((v) => Math.round(v).toString(16).padStart(2, "0")).join("")}`;
const linear = (v) => (v / 255 <= 0.03928 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4);

function luminance(rgb) {
  const [r, g, b] = rgb.map(linear);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

/** The contrast of two colours `#rrggbb`, 1 to 21 (WCAG 2). */
export function contrast(a, b) {
  const [low, high] = [luminance(channels(a)), luminance(channels(b))].sort((x, y) => x - y);
  return (high + 0.05) / (low + 0.05);
}

/** `colour`, moved towards black or white until it can be read on each of `grounds`. All are `#rrggbb`. */
export function readable(colour, grounds, least = 4.5) {
  const target = luminance(channels(grounds[0])) > 0.5 ? 0 : 255;
  for (let part = 0; part <= 1; part += 0.05) {
    const mixed = written(channels(colour).map((v) => v + (target - v) * part));
    if (grounds.every((ground) => contrast(mixed, ground) >= least)) return mixed;
  }
  return target ? "#ffffff" : "#000000";
}

/** Set the accent of the page and what is written on it; nothing for what is no colour `#rrggbb`. */
export function setAccent(colour) {
  if (!/^#[0-9a-f]{6}$/i.test(colour ?? "")) return;
  const { style } = document.documentElement;
  const apply = () => {
    for (const name of ["--accent", "--on-accent"]) style.removeProperty(name);
    const used = getComputedStyle(document.documentElement);
    const grounds = ["--surface", "--ground", "--tint"].map((name) => used.getPropertyValue(name).trim());
    const accent = readable(colour, grounds);
    style.setProperty("--accent", accent);
    style.setProperty("--on-accent", contrast(accent, "#ffffff") >= 4.5 ? "#ffffff" : "#0f1a28");
  };
  apply();
  new MutationObserver(apply).observe(document.documentElement, { attributeFilter: ["data-theme"] });
}
