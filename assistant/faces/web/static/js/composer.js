/** The box for questions: Enter sends but not while an input method composes, ↑ recalls, stop stands where send was. */

import { button, el } from "./dom.js";

/** `{root, input, running(bool), focus()}`; `hooks`: send(text), stop(), last() the question asked last or null. */
export function composer(hooks) {
  const input = el("textarea", { id: "question", rows: 1, placeholder: "输入问题，回车提问", enterkeyhint: "send" });
  const send = el("button", { class: "primary", type: "submit" }, "提问");
  const stop = button("停止", { icon: "stop", class: "stop", hidden: true }, () => hooks.stop());
  const root = el("form", { class: "ask", autocomplete: "off" }, el("label", { class: "unseen", for: "question" }, "问题"), input, send, stop);
  let busy = false;

  function grow() {
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight + 2}px`;
  }

  function submit() {
    const text = input.value.trim();
    if (busy || !text) return;
    input.value = "";
    grow();
    hooks.send(text);
  }

  root.addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  input.addEventListener("input", grow);
  input.addEventListener("keydown", (event) => {
    // While an input method composes, Enter picks a word; Safari tells it by key code 229 only.
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      submit();
    } else if (event.key === "ArrowUp" && !input.value && hooks.last()) {
      event.preventDefault();
      input.value = hooks.last();
      grow();
    }
  });

  function running(now) {
    const focused = document.activeElement;
    busy = now;
    send.hidden = now;
    stop.hidden = !now;
    // The button that had the focus may just have gone.
    if (focused === send || focused === stop) input.focus();
  }

  return { root, input, running, focus: () => input.focus({ preventScroll: true }) };
}
