/** What people say of a row: its history, and the forms to confirm, correct, reject or take back. */

import { sendJson, told } from "./api.js";
import { button, el } from "./dom.js";
import { ACTIONS, FIELDS, REVIEWS, STATES, changes, moment } from "./ledger-words.js";

const KEY = "policy-assistant.reviewer";
const LISTED = ["lead_units", "cooperating_units"];

/** The reviewer's name, kept in this browser. */
export const reviewer = {
  get() {
    try {
      return localStorage.getItem(KEY) ?? "";
    } catch {
      return "";
    }
  },
  set(name) {
    try {
      localStorage.setItem(KEY, name);
    } catch {
      // Storage is switched off: it is asked for again.
    }
  },
};

/** What the row shows now, by the fields that can be corrected. */
const shown = (row) => ({
  task: row.task,
  lead_units: row.lead_units,
  cooperating_units: row.cooperating_units,
  role: row.role,
  due: row.due.date ?? "",
  status: row.status.state,
});

const written = (name, value) => (LISTED.includes(name) ? value.join("、") : value);
const read = (name, text) => (LISTED.includes(name) ? text.split(/[、，,；;\n]+/).map((part) => part.replace(/\s+/g, "")).filter(Boolean) : text.trim());

function history(row) {
  if (!row.reviews.length) return el("p", { class: "hint" }, "还没有人核对过这一项。");
  const items = row.reviews.map((r) => {
    const what = changes(r.changes);
    const then = r.quote && r.quote !== row.quote && el("span", { class: "then" }, `当时原文：${r.quote}`);
    return el("li", {}, `${moment(r.at)} ${r.by} ${ACTIONS[r.action]}`, what && `（${what}）`, r.why && `：${r.why}`, then);
  });
  return el("ol", { class: "plain history", "aria-label": "核对记录" }, items);
}

function field(name, value) {
  const attributes = { name, "data-name": name };
  let input;
  if (name === "status") {
    input = el("select", attributes, Object.entries(STATES).map(([state, words]) => el("option", { value: state, selected: state === value }, words)));
  } else if (name === "task") {
    input = el("textarea", { ...attributes, rows: 2, maxlength: 500 }, value);
  } else {
    const kind = name === "due" ? { type: "date" } : { type: "text", placeholder: LISTED.includes(name) ? "用顿号隔开" : null };
    input = el("input", { ...attributes, ...kind, list: name === "role" ? "roles" : null, maxlength: name === "due" ? null : 2000 });
    input.value = written(name, value);
  }
  return el("label", {}, FIELDS[name], input);
}

/** `row` as GET /api/ledger/{id} gives it; `changed` hears the row after a review, `reload` reads it anew. */
export function reviewPanel(row, { asOf, changed, reload }) {
  const by = el("input", { name: "by", type: "text", maxlength: 60, autocomplete: "name", required: true });
  by.value = reviewer.get();
  const why = el("input", { name: "why", type: "text", maxlength: 500 });
  const message = el("p", { class: "fault", role: "alert" });
  const forms = el("div", { class: "correction", hidden: true });
  const state = row.reviewed?.state ?? "unreviewed";

  async function send(action, changed_fields) {
    message.replaceChildren();
    for (const [input, words] of [[by, "请先填写核对人姓名"], ...(action === "correct" || action === "reject" ? [[why, "请写明理由"]] : [])]) {
      if (input.value.trim()) continue;
      message.textContent = words;
      input.focus();
      return;
    }
    reviewer.set(by.value.trim());
    const body = { action, version: row.version, by: by.value.trim(), why: why.value.trim() };
    try {
      const response = await sendJson("PATCH", `/api/ledger/${row.id}?as_of=${asOf}`, changed_fields ? { ...body, changes: changed_fields } : body);
      changed(await response.json());
    } catch (error) {
      message.textContent = told(error);
      if (error.status === 409) message.append(" ", button("载入最新内容", { class: "" }, reload));
    }
  }

  function correct() {
    const now = shown(row);
    // A correction that waits for review is offered again: the person sees the new words beside it.
    const waiting = state === "pending" ? row.reviews.findLast((r) => r.action === "correct")?.changes ?? {} : {};
    const inputs = Object.keys(FIELDS).map((name) => field(name, waiting[name] ?? now[name]));
    const submit = button("提交更正", { class: "primary" }, () => {
      const changed_fields = {};
      for (const label of inputs) {
        const input = label.querySelector("[data-name]");
        const { name } = input.dataset;
        const value = read(name, input.value);
        if (JSON.stringify(value) !== JSON.stringify(now[name])) changed_fields[name] = value;
      }
      if (Object.keys(changed_fields).length) send("correct", changed_fields);
      else message.textContent = "没有改动";
    });
    forms.replaceChildren(el("div", { class: "fields" }, inputs), submit, button("取消", {}, () => { forms.hidden = true; }));
    forms.hidden = false;
    inputs[0].querySelector("[data-name]").focus();
  }

  const actions = [
    button("确认无误", { class: state === "confirmed" ? "" : "primary" }, () => send("confirm")),
    button("更正…", { class: "" }, correct),
    state !== "rejected" && button("驳回（不是责任事项）", { class: "" }, () => send("reject")),
    state !== "unreviewed" && button("撤销核对", {}, () => send("withdraw")),
  ];
  return el(
    "section",
    { class: "review-panel", "aria-label": "核对" },
    el("h3", {}, `核对：${REVIEWS[state]}`),
    history(row),
    el("div", { class: "fields" }, el("label", {}, "核对人", by), el("label", {}, "说明（更正和驳回必填）", why)),
    el("div", { class: "actions" }, actions),
    forms,
    message,
  );
}

/** A review whose row is gone: what was said and of which words, to be taken back. */
export function goneItem({ commitment_id, review, before, reason }, done) {
  const message = el("p", { class: "fault", role: "alert" });
  const withdraw = button("撤销核对", { class: "" }, async () => {
    const by = reviewer.get() || review.by;
    try {
      await sendJson("PATCH", `/api/ledger/${commitment_id}`, { action: "withdraw", version: "", by });
      done();
    } catch (error) {
      message.textContent = told(error);
    }
  });
  return el(
    "li",
    {},
    el("p", {}, `${before.title} ${before.path}：${before.quote || "原文已随文件移出资料库"}`),
    el("p", { class: "hint" }, `${reason}；${moment(review.at)} ${review.by} ${ACTIONS[review.action]} ${changes(review.changes)} ${review.why}`),
    withdraw,
    message,
  );
}
