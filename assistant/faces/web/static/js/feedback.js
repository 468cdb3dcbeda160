/** Whether an answer was of use, and why not. */

import { sendJson, told } from "./api.js";
import { button, el } from "./dom.js";

const REASONS = ["答非所问", "不完整", "有错误", "依据不对", "看不懂"];

/** `[thumbs, form]`: two thumbs, and behind the second the reasons. What the reader said before is shown as said. */
export function judging(exchange) {
  const said = el("span", { class: "hint", role: "status" });
  const form = el("form", { class: "reasons", hidden: true });
  const up = button("有用", { icon: "up" }, () => send({ useful: true }, "已记下，谢谢。"));
  const down = button("没用", { icon: "down", "aria-expanded": "false" }, () => (form.hidden ? open() : close()));
  const note = el("input", { type: "text", maxlength: 500, "aria-label": "补充说明", placeholder: "补充说明（可不填）" });
  form.append(
    el("fieldset", {}, el("legend", {}, "哪里没用？"), REASONS.map((reason) =>
      el("label", { class: "check" }, el("input", { type: "checkbox", name: "reason", value: reason }), reason))),
    note,
    el("div", { class: "actions" }, el("button", { type: "submit" }, "提交"), button("取消", {}, close)),
  );

  function open() {
    form.hidden = false;
    down.setAttribute("aria-expanded", "true");
    form.querySelector("input").focus();
  }

  function close() {
    if (form.hidden) return;
    form.hidden = true;
    down.setAttribute("aria-expanded", "false");
    down.focus();
  }

  function show() {
    up.setAttribute("aria-pressed", String(exchange.feedback?.useful === true));
    down.setAttribute("aria-pressed", String(exchange.feedback?.useful === false));
  }

  async function send(judgement, thanks) {
    try {
      await sendJson("POST", "/api/feedback", { answer_id: exchange.answerId, ...judgement });
      exchange.feedback = judgement;
      said.textContent = thanks;
    } catch (error) {
      said.textContent = told(error);
    }
    show();
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const reasons = [...form.querySelectorAll(":checked")].map((box) => box.value);
    send({ useful: false, reasons, note: note.value.trim() }, "已记下，会用来改进。");
    close();
  });
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
  show();
  return [el("span", { class: "thumbs" }, said, up, down), form];
}
