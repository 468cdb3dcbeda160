/** Files of administrators: chosen or dropped, sent one by one, watched until they can be asked about, taken out. */

import { getJson, open, remove, told } from "./api.js";
import { button, el } from "./dom.js";
import { askForKey } from "./gate.js";

const AGAIN = 1000; // milliseconds between two looks while something is under way
const STATES = { waiting: "等待导入", working: "正在导入", done: "已导入", failed: "没有导入", removing: "正在删除" };
const UNDER_WAY = new Set(["waiting", "working", "removing"]);
const NEEDED = { title: "请输入管理员密钥", hint: "上传和删除文件需要导入权限：请联系管理员开通，或输入有此权限的密钥。", fits: async (key) => Boolean(await allowance(key)) };

/** What may be uploaded with this key, or without one; null where nothing. */
async function allowance(key) {
  return (await getJson("/api/me", key)).upload;
}

const styled = new Promise((resolve) => {
  const sheet = el("link", { rel: "stylesheet", href: "/static/css/desk.css", on: { load: resolve, error: resolve } });
  document.head.append(sheet);
});

/** Open the dialog; `changed` hears whenever documents came or went. */
export async function manageFiles(changed) {
  let key = null;
  let allowed = await allowance(key);
  if (!allowed) {
    key = await askForKey(null, NEEDED);
    if (!key) return;
    allowed = await allowance(key);
    if (!allowed) {
      key = await askForKey(key, NEEDED);
      if (!key) return;
      allowed = await allowance(key);
    }
  }
  await styled;
  new Desk(key, allowed, changed).show();
}

class Desk {
  #waiting = []; // {file, row} not yet sent
  #sending = false;
  #settled = ""; // what was done at the last look, to tell when documents came or went
  #timer = 0;

  constructor(key, allowed, changed) {
    this.headers = key ? { Authorization: `Bearer ${key}` } : {};
    this.key = key;
    this.allowed = allowed;
    this.changed = changed;
    this.said = el("p", { class: "hint", role: "status" });
    this.sent = el("ul", { class: "plain files" });
    this.kept = el("ul", { class: "plain files" });
    this.input = el("input", { type: "file", id: "files", class: "unseen", multiple: true, accept: allowed.endings.join(",") });
    this.departments = el("input", { type: "text", maxlength: 200, placeholder: "部门名称，用顿号分开", "aria-label": "哪些部门", hidden: true });
    this.label = el("select", { id: "seen-by" }, ["公开", "内部", "部门"].map((word) => el("option", { value: word }, word === "部门" ? "只给部分部门" : word)));
    this.#setLabel(allowed.visibility);
    this.dialog = this.#dialog();
  }

  show() {
    document.body.append(this.dialog);
    this.dialog.showModal();
    this.#look();
  }

  #dialog() {
    const most = Math.floor(this.allowed.max_bytes / 2 ** 20);
    const drop = el(
      "div",
      { class: "drop" },
      this.input, el("label", { for: "files", class: "button" }, "选择文件"), " 或把文件拖到这里",
      el("p", { class: "hint" }, `PDF、Word、WPS、Excel、OFD、网页、邮件、图片、文本和 ZIP；单个不超过 ${most}\u00a0MB。`),
    );
    const dialog = el(
      "dialog",
      { class: "desk", "aria-labelledby": "desk-title" },
      el("div", { class: "desk-head" }, el("h2", { id: "desk-title" }, "上传和管理文件"), button("关闭", {}, () => dialog.close())),
      el("div", { class: "seen-by" }, el("label", { for: "seen-by" }, "谁能看"), this.label, this.departments),
      drop, this.said, this.sent,
      el("h3", {}, "上传过的文件"), this.kept,
      el("p", { class: "hint" }, "由文件夹导入的文件不在这里；请在文件夹中增删后重新导入。"),
    );
    this.input.addEventListener("change", () => { this.#take([...this.input.files]); this.input.value = ""; });
    this.label.addEventListener("change", () => { this.departments.hidden = this.label.value !== "部门"; });
    for (const type of ["dragover", "drop"]) {
      dialog.addEventListener(type, (event) => {
        event.preventDefault();
        drop.classList.toggle("over", type === "dragover");
        if (type === "drop") this.#take([...event.dataTransfer.files]);
      });
    }
    dialog.addEventListener("dragleave", () => drop.classList.remove("over"));
    dialog.addEventListener("close", () => { clearTimeout(this.#timer); dialog.remove(); });
    return dialog;
  }

  #setLabel(words) {
    const [kind, names] = words.split(":");
    this.label.value = kind;
    this.departments.hidden = !names;
    this.departments.value = names ?? "";
  }

  get #visibility() {
    return this.label.value === "部门" ? `部门:${this.departments.value.trim()}` : this.label.value;
  }

  #take(files) {
    if (this.label.value === "部门" && !this.departments.value.trim()) {
      this.said.textContent = "请先写明哪些部门能看。";
      this.departments.focus();
      return;
    }
    for (const file of files) {
      const row = el("li", {}, el("span", { class: "file" }, file.name), el("span", { class: "hint", role: "status" }, "等待上传"));
      this.sent.append(row);
      this.#waiting.push({ file, row, visibility: this.#visibility, replaces: null });
    }
    this.#send();
  }

  async #send() {
    if (this.#sending) return;
    this.#sending = true;
    for (let next = this.#waiting.shift(); next; next = this.#waiting.shift()) {
      await this.#sendOne(next).catch((error) => { this.said.textContent = told(error); }); // the others go on
    }
    this.#sending = false;
  }

  async #sendOne({ file, row, visibility, replaces }) {
    const words = row.querySelector(".hint");
    if (file.size > this.allowed.max_bytes) {
      words.textContent = `文件过大，上限 ${Math.floor(this.allowed.max_bytes / 2 ** 20)} MB。`;
      return;
    }
    words.textContent = "正在上传…";
    // A new version is seen by whom the old one was.
    const query = new URLSearchParams({ name: file.name, ...(replaces ? { replaces } : { visibility }) });
    const headers = { ...this.headers, "Content-Type": "application/octet-stream" };
    try {
      await open(`/api/documents?${query}`, { method: "POST", headers, body: file });
      row.remove();
      this.#look();
    } catch (error) {
      words.textContent = told(error);
      if (error.status === 409) await this.#offerReplacing({ file, row, visibility });
    }
  }

  /** A file of this name is there: only the reader knows whether this is its new version. */
  async #offerReplacing({ file, row, visibility }) {
    const { uploads } = await getJson("/api/uploads", this.key);
    const same = uploads.find((upload) => upload.name === file.name);
    if (!same) return;
    row.querySelector(".hint").textContent = "已有同名文件。";
    const buttons = el("span", { class: "actions" },
      button("作为新版本替换", { class: "" }, () => {
        buttons.remove();
        this.#waiting.push({ file, row, visibility, replaces: same.id });
        this.#send();
      }),
      button("不上传", {}, () => row.remove()));
    row.append(buttons);
  }

  async #look() {
    clearTimeout(this.#timer);
    try {
      const { uploads } = await getJson("/api/uploads", this.key);
      this.#show(uploads);
    } catch (error) {
      this.said.textContent = told(error);
    }
  }

  #show(uploads) {
    const focused = this.kept.contains(document.activeElement) ? document.activeElement.closest("li")?.dataset.id : null;
    if (!this.kept.querySelector("[data-sure]")) { // a press that waits for its second stays
      this.kept.replaceChildren(...uploads.map((upload) => this.#row(upload)));
      if (focused) (this.kept.querySelector(`[data-id="${focused}"] button`) ?? this.dialog.querySelector("button")).focus();
    }
    if (!uploads.length) this.kept.replaceChildren(el("li", { class: "hint" }, "还没有上传过文件。"));
    const busy = uploads.filter((upload) => UNDER_WAY.has(upload.state));
    const first = busy.find((upload) => upload.state !== "waiting") ?? busy[0];
    this.said.textContent = first ? progress(first, busy.length) : "";
    if (busy.length) this.#timer = setTimeout(() => this.#look(), AGAIN);
    const settled = JSON.stringify(uploads.filter((upload) => !UNDER_WAY.has(upload.state)).map((u) => [u.id, u.uploaded_at, u.state]));
    if (this.#settled && settled !== this.#settled) this.changed();
    this.#settled = settled;
  }

  #row(upload) {
    const lost = upload.problems.filter((problem) => problem.lost).length;
    const state = lost && upload.state === "done" ? "已导入，有内容没有读到" : STATES[upload.state];
    const facts = [state, upload.visibility.replace("部门:", ""), new Date(upload.uploaded_at).toLocaleString("zh-CN", { dateStyle: "short", timeStyle: "short" })];
    return el(
      "li",
      { "data-id": upload.id },
      el("span", { class: "file" }, upload.documents.length === 1 ? link(upload.documents[0], upload.name) : upload.name),
      el("span", { class: lost || upload.state === "failed" ? "hint warn" : "hint" }, facts.join(" · ")),
      upload.message && el("span", { class: "hint warn" }, upload.message),
      upload.documents.length > 1 && el("details", {}, el("summary", {}, `${upload.documents.length} 份文件`), el("ul", { class: "plain" }, upload.documents.map((d) => el("li", {}, link(d, d.title))))),
      upload.problems.length > 0 && el("ul", { class: "plain troubles" }, upload.problems.slice(0, 20).map((p) => el("li", {}, [p.place, p.reason].filter(Boolean).join("：")))),
      upload.state !== "removing" && button("删除", { "aria-label": `删除：${upload.name}` }, (pressed) => this.#remove(pressed, upload)),
    );
  }

  /** The first press asks, the second deletes. */
  async #remove(pressed, upload) {
    if (!pressed.dataset.sure) {
      pressed.dataset.sure = "yes";
      pressed.textContent = "确认删除";
      pressed.addEventListener("blur", () => { delete pressed.dataset.sure; pressed.textContent = "删除"; }, { once: true });
      return;
    }
    delete pressed.dataset.sure;
    try {
      await remove(`/api/uploads/${upload.id}`, this.headers);
    } catch (error) {
      this.said.textContent = told(error);
    }
    this.#look();
  }
}

const link = (info, words) => el("a", { href: `/documents/${encodeURIComponent(info.id)}`, target: "_blank", rel: "opener", title: info.title }, words);

function progress({ name, state, stage, message }, count) {
  const more = count > 1 ? `（共 ${count} 个）` : "";
  if (message) return message;
  return `${STATES[state]}：${name}${more}${stage ? `，${stage.words} ${stage.done}/${stage.total}` : ""}`;
}
