/** Elements without markup: every text goes in as text, so that nothing in a document or an answer can run. */

/**
 * Make an element. `attributes` are set as attributes, but for `class`, `on` (listeners by event) and booleans
 * (present when true). Children are nodes or texts; null and false are left out.
 */
export function el(tag, attributes = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name === "class") node.className = value;
    else if (name === "on") for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (value === true) node.setAttribute(name, "");
    else if (value !== false && value != null) node.setAttribute(name, String(value));
  }
  node.append(...children.flat().filter((child) => child != null && child !== false));
  return node;
}

/** A button with words and, where `icon` names one of icons.css, a picture before them. */
export function button(words, { icon, class: classes = "quiet", ...attributes }, listener) {
  const node = el("button", { type: "button", class: `${classes} ${icon ? `icon ${icon}` : ""}`.trim(), ...attributes }, words);
  node.addEventListener("click", () => listener(node));
  return node;
}

/** A button that is a picture; its name is read out and shown as a tip. */
export const iconButton = (name, icon, listener, attributes = {}) =>
  button("", { icon, class: "quiet only-icon", "aria-label": name, title: name, ...attributes }, listener);

/** The element of this id, which the page is known to have. */
export const byId = (id) => document.getElementById(id);
