// The table of units, its filters, and the charts; every text reaches the page as text.
const given = JSON.parse(document.getElementById("data").textContent);
const { words, units, rules, grades } = given;
const place = new Map(rules.map(([code], i) => [code, i]));
const named = i => rules[i][0] + " " + rules[i][1];
const [CODE, NAME, GRADE, SCORE, LOW, HIGH, SELF, OVER, AUDITED, OPEN, ERRORS, VERIFIES, NOTES, FINDINGS, LOST, PAGE] = Array(16).keys();
const shown = n => n === null ? "—" : n.toLocaleString("en", { maximumFractionDigits: 2 });
const chosen = { grade: null, rule: "", scores: null, self: null };
const el = (tag, text, kind) => { const made = document.createElement(tag); if (text !== undefined) made.textContent = text; if (kind) made.className = kind; return made; };

function nameCell(cell, row) {
  const name = el("bdi", row[NAME] || row[CODE]);
  const link = row[PAGE] ? el("a") : el("span");
  if (row[PAGE]) link.href = "units/" + encodeURIComponent(row[PAGE]);
  link.append(name);
  const code = el("small");
  code.append(el("bdi", row[CODE]));
  cell.replaceChildren(link, code);
}
function moreCell(cell, row) {
  const button = el("button", words.more, "more");
  button.type = "button";
  button.setAttribute("aria-expanded", "false");
  button.setAttribute("aria-label", words.more + " " + (row[NAME] || row[CODE]));
  cell.replaceChildren(button);
}
const number = (at, title, hit) => ({ data: at, title, className: "num", type: "num", render: (n, kind) => kind === "display" ? shown(n) : (n === null ? -1e9 : n),
  createdCell: (cell, n) => { if (hit && n) cell.classList.add("hit"); } });
// A book of tie-outs alone gives no scores: columns and tiles of scores are left out.
const columns = [
  { data: NAME, title: words.unit, type: "string", render: (_n, kind, row) => kind === "filter" ? row[NAME] + " " + row[CODE] : kind === "sort" ? row[NAME] : "",
    createdCell: (cell, _n, row) => nameCell(cell, row) },
  { data: GRADE, title: words.grade, render: (g, kind) => kind === "sort" || kind === "type" ? (grades.indexOf(g) + 100) % 100 : "",
    createdCell: (cell, g) => cell.replaceChildren(el("b", g || words.empty, "g" + (grades.includes(g) ? Math.min(grades.indexOf(g), 4) : 5))) },
  number(SCORE, words.score),
  { data: LOW, title: words.range, className: "num", type: "num", render: (n, kind, row) => kind !== "display" ? row[HIGH] - row[LOW] : row[LOW] === row[HIGH] ? "" : shown(row[LOW]) + "–" + shown(row[HIGH]) },
  number(SELF, words.self), number(OVER, words.over), number(AUDITED, words.audited), number(OPEN, words.open),
  number(ERRORS, words.errors, true), number(VERIFIES, words.verifies), number(NOTES, words.notes),
  { data: null, title: words.more, name: "more", orderable: false, render: () => "", createdCell: (cell, _n, row) => moreCell(cell, row) },
].filter(c => given.scored || [NAME, ERRORS, VERIFIES, NOTES, null].includes(c.data));
const began = performance.now();
const table = new window.DataTable("#table", {
  data: units, columns, deferRender: true, autoWidth: false, order: given.scored ? [[2, "asc"]] : [[1, "desc"], [2, "desc"]], pageLength: 50, lengthMenu: [20, 50, 100, 500],
  layout: { topStart: null, topEnd: null, bottomStart: "info", bottomEnd: ["pageLength", "paging"] },
  language: { info: words.status, infoEmpty: words.none, infoFiltered: words.filtered, zeroRecords: words.none, emptyTable: words.none, lengthMenu: words.length,
    paginate: { first: "«", previous: "‹", next: "›", last: "»" },
    aria: { paginate: { first: words.first, previous: words.previous, next: words.next, last: words.last } } },
});
const pairs = list => list.flatMap((x, i) => i % 2 ? [] : [[x, list[i + 1]]]);
const has = (row, code) => row[FINDINGS].includes(place.get(code)) || pairs(row[LOST]).some(([i]) => i === place.get(code));
const within = (n, range) => !range || (n !== null && n >= range[0] && n < range[1]);
table.search.fixed("chosen", (_text, row) => (chosen.grade === null || row[GRADE] === chosen.grade) && (!chosen.rule || has(row, chosen.rule))
  && within(row[SCORE], chosen.scores) && within(row[SELF], chosen.self));

const search = document.getElementById("search"), rule = document.getElementById("rule");
for (const [code, name] of rules) { const option = el("option", code + " " + name); option.value = code; rule.append(option); }
function draw() {
  for (const tile of document.querySelectorAll("[data-grade]")) tile.setAttribute("aria-pressed", String(tile.dataset.grade === chosen.grade));
  rule.value = chosen.rule;
  table.search(search.value).draw();
}
const clear = () => Object.assign(chosen, { grade: null, rule: "", scores: null, self: null });
const go = () => document.getElementById("units").scrollIntoView();
search.addEventListener("input", draw);
rule.addEventListener("change", () => { chosen.rule = rule.value; draw(); });
document.getElementById("reset").addEventListener("click", () => { clear(); search.value = ""; draw(); });
for (const tile of document.querySelectorAll("[data-grade]")) {
  tile.addEventListener("click", () => { chosen.grade = chosen.grade === tile.dataset.grade ? null : tile.dataset.grade; draw(); });
}

function summary(row) {
  const made = el("div", undefined, "child");
  const list = (title, items) => { if (items.length) made.append(el("div", title + ": " + items.join("; "))); };
  list(words.deducted, pairs(row[LOST]).map(([i, n]) => named(i) + " −" + shown(n)));
  list(words.unbalanced, row[FINDINGS].map(named));
  if (!row[LOST].length && !row[FINDINGS].length) made.append(el("div", words.nothing));
  if (!row[PAGE]) { const line = el("div", words.no_page + " "); line.append(el("code", given.command + " " + row[CODE])); made.append(line); }
  return made;
}
document.getElementById("table").addEventListener("click", event => {
  const button = event.target.closest("button.more");
  if (!button) return;
  const row = table.row(button.closest("tr"));
  if (row.child.isShown()) row.child.hide(); else row.child(summary(row.data())).show();
  button.setAttribute("aria-expanded", String(row.child.isShown()));
});

// A printed table has no pages to turn.
let length = 50;
addEventListener("beforeprint", () => { length = table.page.len(); if (units.length <= 2000) table.page.len(-1).draw(); });
addEventListener("afterprint", () => table.page.len(length).draw());

const picks = {
  "chart-distribution": d => { chosen.scores = [d.from, d.to >= given.charts["chart-distribution"].layer[1].encoding.x.scale.domain[1] ? Infinity : d.to]; },
  "chart-against": d => { chosen.scores = [d.score - 0.5, d.score + 0.5]; chosen.self = [d.self - 0.5, d.self + 0.5]; },
  "chart-costly": d => { chosen.rule = d.code; }, "chart-failing": d => { chosen.rule = d.code; },
};
document.body.dataset.tableMs = String(Math.round(performance.now() - began));
Promise.all(Object.entries(given.charts).map(async ([id, spec]) => {
  const made = await window.vegaEmbed("#" + id, spec, { mode: "vega-lite", actions: false, renderer: "svg" });
  made.view.addEventListener("click", (_event, item) => { if (item && item.datum && picks[id]) { clear(); picks[id](item.datum); draw(); go(); } });
})).then(() => { document.body.dataset.drawn = "yes"; });
