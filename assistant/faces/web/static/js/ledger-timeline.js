/** The timeline: a picture that the service draws, and the same as a table. */

import { getJson, told } from "./api.js";
import { byId, el } from "./dom.js";

const FIRST = 300; // rows of the table; the filters narrow it

let asked = 0;

/** The drawing as nodes of this page; nothing in it runs, and the page's policy holds for it. */
function picture(text) {
  const root = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  return root.nodeName === "svg" ? document.importNode(root, true) : null;
}

function line(mark) {
  const days = mark.first === mark.last ? mark.first : `${mark.first} 至 ${mark.last}`;
  const tasks = mark.rows.map((row) => el("li", {}, el("a", { href: row.url, target: "_blank", rel: "noopener" }, row.task)));
  const rest = mark.total - mark.rows.length;
  if (rest > 0) tasks.push(el("li", {}, el("a", { href: mark.url }, `其余 ${rest} 项`)));
  const cells = [days, mark.lane, mark.kind_name, `${mark.total}`, el("ul", { class: "plain" }, tasks)];
  return el("tr", {}, cells.map((content) => el("td", {}, content)));
}

/** Where the picture is wider than the screen, begin at the day of asking. */
function toDay() {
  const chart = byId("chart");
  const day = chart.querySelector(".as-of .line");
  if (day) chart.scrollLeft = day.getBoundingClientRect().left - chart.getBoundingClientRect().left - chart.clientWidth * 0.7;
}

/** Show the timeline of these filters. */
export async function showTimeline(query) {
  const turn = ++asked;
  const note = byId("time-note");
  try {
    const found = await getJson(`/api/ledger/timeline?${query}`);
    if (turn !== asked) return;
    byId("chart").replaceChildren(...[found.svg && picture(found.svg)].filter(Boolean));
    byId("chart").hidden = !found.svg;
    toDay();
    byId("time-day").textContent = `判断日 ${found.as_of}`;
    byId("time-table").hidden = !found.marks.length;
    byId("time-body").replaceChildren(...found.marks.slice(0, FIRST).map(line));
    const notes = [
      found.marks.length ? "" : "没有可画出的日期。",
      found.undated ? `${found.undated} 项没有日期。` : "",
      found.outside ? `${found.outside} 个日期离判断日五年以上，未画出。` : "",
      found.marks.length > FIRST ? `数据表只列前 ${FIRST} 行，请用筛选缩小范围。` : "",
    ];
    note.textContent = notes.join("");
  } catch (error) {
    if (turn !== asked) return;
    byId("chart").replaceChildren();
    byId("time-body").replaceChildren();
    note.textContent = told(error);
  }
}
