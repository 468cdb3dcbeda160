/** Rows of tables, which the text gives as 名称：值；名称：值, back as rows and columns without losing a character. */

const CELL = /^([^：；\n]{1,16})：/;
const FEWEST = 2; // columns, and rows, from which it is shown as a table

/** The cells of a row's text as [{name, at, valueAt, end}] in units of the script's string; null for other text. */
function cells(text) {
  const found = [];
  let at = 0;
  for (const part of text.split("；")) {
    const match = CELL.exec(part);
    if (match) found.push({ name: match[1], at, valueAt: at + match[0].length, end: at + part.length });
    else if (found.length) found.at(-1).end = at + part.length; // a value with a semicolon of its own
    else return null;
    at += part.length + 1;
  }
  return found.length >= FEWEST ? found : null;
}

/** `[{from, to, columns}]`: stretches of clauses, with the columns of those that make up a table. */
export function runs(clauses, textOf) {
  const stretches = [];
  clauses.forEach((clause, i) => {
    const names = clause.kind === "table" ? cells(textOf(clause))?.map((cell) => cell.name) : null;
    const last = stretches.at(-1);
    const columns = names && last?.columns && last.to === i ? merged(last.columns, names) : null;
    if (columns) Object.assign(last, { to: i + 1, columns });
    else if (names && new Set(names).size === names.length) stretches.push({ from: i, to: i + 1, columns: names });
    else if (last && !last.columns) last.to = i + 1;
    else stretches.push({ from: i, to: i + 1, columns: null });
  });
  return stretches.map((s) => (s.columns && s.to - s.from < FEWEST ? { ...s, columns: null } : s));
}

/** The columns of a table that has both rows, in an order that fits both; null where there is none. */
function merged(columns, names) {
  const all = [...columns];
  let after = -1;
  for (const name of names) {
    const known = all.indexOf(name);
    if (known > after) after = known;
    else if (known >= 0) return null; // the other way round, or twice
    else all.splice((after += 1), 0, name);
  }
  return names.some((name) => columns.includes(name)) ? all : null;
}

/** The ranges of each column's cell in a row that begins at `start`, in characters of the document; {} where none. */
export function columnsOf(text, start, columns) {
  const points = (units) => start + Array.from(text.slice(0, units)).length;
  const found = new Map(cells(text).map((cell) => [cell.name, cell]));
  return columns.map((name) => {
    const cell = found.get(name);
    if (!cell) return {};
    const end = cell.end < text.length ? [points(cell.end), points(cell.end + 1)] : null;
    return { name: [points(cell.at), points(cell.valueAt)], value: [points(cell.valueAt), points(cell.end)], end };
  });
}
