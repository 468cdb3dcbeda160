/** What the ledger's values are called, and how its cells are put. */

import { el } from "./dom.js";

export const STATES = { planned: "拟", in_progress: "进行中", done: "已完成", unclear: "不明" };
export const KINDS = { none: "未写明", fixed: "确定日期", relative: "起算期限", recurring: "周期", ongoing: "长期", vague: "不确定" };
export const REVIEWS = { unreviewed: "未核对", confirmed: "已核对", corrected: "已更正", pending: "待复核", rejected: "已驳回" };
export const ACTIONS = { confirm: "确认", correct: "更正", reject: "驳回", withdraw: "撤销核对" };
export const FIELDS = { task: "事项", lead_units: "牵头单位", cooperating_units: "配合单位", role: "角色", due: "到期日", status: "进展" };

export const sign = (text, classes = "sign") => el("span", { class: classes }, `〔${text}〕`);

/** A value of a field that can be corrected, in words. */
export function said(name, value) {
  if (name === "status") return STATES[value] ?? value;
  return (Array.isArray(value) ? value.join("、") : value) || "无";
}

/** Several such values: 牵头单位：市住建局；到期日：无. */
export const changes = (values) => Object.entries(values).map(([name, value]) => `${FIELDS[name]}：${said(name, value)}`).join("；");

/** A moment of the service's clock as people here read it. */
export const moment = (at) => new Date(at).toLocaleString("zh-CN", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "short" });
