/** What stands beside the text: facts, versions, linked documents, the original file. */

import { download, told } from "./api.js";
import { button, el } from "./dom.js";

const FIELDS = {
  number: "文号", signatory: "签发人", addressee: "主送", issuer: "发文机关", issued_on: "成文日期",
  published_on: "发布日期", contact: "联系人", phone: "联系电话", index_number: "索引号", theme: "主题",
  session: "届次", proposal_number: "提案号", copy_to: "抄送", publicity: "公开属性",
};
// What a link says of this document: as the one that does it, and as the one to which it is done.
const LINKS = {
  answers: ["答复的提案", "本提案的答复"],
  repeals: ["被本文件废止", "废止本文件的文件"],
  suspends: ["被本文件停止执行", "停止执行本文件的文件"],
  replaces: ["被本文件代替", "代替本文件的文件"],
  duplicates: ["内容几乎相同", "内容几乎相同"],
  conflicts: ["文号相同、标题不同", "文号相同、标题不同"],
};
const ENDED = { repeals: "已废止", suspends: "已停止执行", replaces: "已被代替" };

const opened = (info) => el("a", { href: `/documents/${encodeURIComponent(info.id)}` }, info.title);
const part = (title, ...content) => el("section", {}, el("h2", {}, title), ...content);

/** The parts of the side; `showPages` opens the pictures of the pages. */
export function about(doc, showPages) {
  const facts = new Map([["类型", new Set([doc.kind])]]);
  for (const { name, value } of doc.fields) if (FIELDS[name]) facts.set(FIELDS[name], new Set([...(facts.get(FIELDS[name]) ?? []), value]));
  facts.set("来源文件", new Set([doc.source]));
  return [
    part("文件信息", el("dl", { class: "facts" }, [...facts].flatMap(([name, values]) => [el("dt", {}, name), el("dd", {}, [...values].join("；"))]))),
    doc.original && part("原件", file(doc, showPages)),
    doc.related && part("关联文件", el("ul", { class: "plain linked" }, doc.related.map(related))),
    doc.versions && part("版本", el("ol", { class: "plain linked" }, doc.versions.map((v) => version(v, doc)))),
  ].filter(Boolean);
}

function related({ kind, by, note, document: other }) {
  const words = LINKS[kind]?.[by ? 0 : 1] ?? kind;
  return el("li", {}, el("span", { class: "hint" }, words), opened(other), el("span", { class: "hint" }, [other.number, note].filter(Boolean).join(" · ")));
}

function version(info, doc) {
  const sign = info.current ? "现行版本" : "较早的版本";
  if (info.id !== doc.id) return el("li", {}, el("span", { class: "hint" }, sign), opened(info), el("span", { class: "hint" }, info.source));
  return el("li", { "aria-current": "true" }, el("span", { class: "hint" }, `${sign}（本页）`), el("span", {}, info.title), el("span", { class: "hint" }, info.source));
}

function file(doc, showPages) {
  const { name, size, pages } = doc.original;
  const said = el("p", { class: "hint", role: "status" });
  const save = button("下载原件", { icon: "save", class: "" }, async () => {
    try {
      await download(`/api/documents/${encodeURIComponent(doc.id)}/original`, name);
    } catch (error) {
      said.textContent = told(error);
    }
  });
  const see = pages > 0 && button("对照原页", { icon: "page-icon", class: "", "aria-pressed": "false", id: "see-pages" }, showPages);
  const large = size >= 1_048_576 ? `${(size / 1_048_576).toFixed(1)} MB` : `${Math.max(1, Math.round(size / 1024))} KB`;
  return el("div", {}, el("p", { class: "hint" }, `${name}（${large}）`), el("p", { class: "files" }, save, see), said);
}

/** What the reader must know before reading: an end of validity, a newer version, doubtful recognition. */
export function notices(doc) {
  const nodes = [];
  for (const { kind, by, document: other } of doc.related ?? []) {
    if (!by && ENDED[kind]) nodes.push(el("p", { class: "notice" }, el("span", { class: "sign" }, `〔${ENDED[kind]}〕`), "见", opened(other)));
  }
  const newest = doc.versions?.find((v) => v.current);
  if (newest && newest.id !== doc.id) nodes.push(el("p", { class: "notice" }, "这是较早的版本，现行版本是", opened(newest)));
  const doubtful = doc.fields.filter((f) => f.name === "uncertain_print").length;
  if (doubtful) nodes.push(el("p", { class: "notice" }, `本文由扫描件识别而来，有 ${doubtful} 行字迹不清，请与原件核对。`));
  return nodes;
}
