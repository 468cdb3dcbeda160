// Light or dark before the first paint: as the system has it until the reader chooses. A classic script in the head.
(() => {
  const KEY = "policy-assistant.theme";
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const root = document.documentElement;
  let chosen = null;
  try {
    chosen = localStorage.getItem(KEY);
  } catch {
    // Storage is switched off: the choice lasts as long as the page.
  }
  const apply = () => { root.dataset.theme = chosen ?? (dark.matches ? "dark" : "light"); };
  dark.addEventListener("change", apply);
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    chosen = event.newValue;
    apply();
  });
  /** Take "light" or "dark"; null goes back to the system's. `keep` false: for this page only. */
  window.setTheme = (theme, keep = true) => {
    chosen = theme;
    apply();
    try {
      if (keep && theme) localStorage.setItem(KEY, theme);
    } catch {
      // As above.
    }
  };
  addEventListener("click", (event) => {
    if (event.target.closest?.("[data-theme-switch]")) window.setTheme(root.dataset.theme === "dark" ? "light" : "dark");
  });
  apply();
})();
