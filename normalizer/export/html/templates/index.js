// The index of a corpus: a matrix of policies by categories or concepts, as a heat map.
const STEP = 200; // policies shown at a time
const field = (id) => one(`#${id}`);
const word = (key) => one(`[data-key="${key}"] .l[lang="${document.documentElement.lang}"]`, field("words").content).textContent;
const naming = () => document.documentElement.lang;
const heat = one(".heat");
// The figures that stand before the matrix itself.
const fixed = [
  ["severity-high", (policy) => policy.severities[0], "s-high"],
  ["severity-medium", (policy) => policy.severities[1], "s-medium"],
  ["severity-low", (policy) => policy.severities[2], "s-low"],
  ["figure-one-sided", (policy) => policy.one, ""],
];
const measures = {
  sum: ([ja, en]) => ja + en,
  ja: ([ja]) => ja,
  en: ([, en]) => en,
  gap: ([ja, en]) => ja - en,
};
const ZERO = [0, 0];
let order = { key: "name", descending: false };
let limit = STEP;

function columns() {
  const chosen = field("columns").value;
  const of = chosen === "categories" ? "categories" : "concepts";
  const kind = chosen.slice("kind:".length);
  const wanted = fold(field("column-search").value);
  const measure = measures[field("measure").value];
  return data[of]
    .map((column, number) => ({ ...column, value: (policy) => measure(policy[of][number] ?? ZERO), pair: (policy) => policy[of][number] ?? ZERO }))
    .filter((column) => of === "categories" || column.kind === kind)
    .filter((column) => fold(`${column.ja} ${column.en} ${column.id}`).includes(wanted));
}

function ordered(policies, shown) {
  const numbers = { ...Object.fromEntries(fixed.map(([key, value]) => [key, value])), ...Object.fromEntries(shown.map((column) => [column.id, column.value])) };
  const value = numbers[order.key];
  const compare = value ? (a, b) => value(a) - value(b) : (a, b) => a.name.localeCompare(b.name, naming());
  return [...policies].sort((a, b) => (order.descending ? compare(b, a) : compare(a, b)));
}

function element(name, content, properties = {}) {
  const made = Object.assign(document.createElement(name), properties);
  made.append(...[content].flat());
  return made;
}

function heading(key, text, className = "") {
  const head = element("th", element("button", text, { type: "button" }), { scope: "col", className });
  head.dataset.key = key;
  if (order.key === key) head.setAttribute("aria-sort", order.descending ? "descending" : "ascending");
  head.firstChild.addEventListener("click", () => {
    order = { key, descending: order.key === key ? !order.descending : key !== "name" };
    draw();
    one(`th[data-key="${CSS.escape(key)}"] button`, heat).focus();
  });
  return head;
}

// Six steps on a logarithmic scale; more on the English side is of the other colour.
function shade(value, most) {
  if (!value) return "zero";
  const step = Math.max(1, Math.ceil((5 * Math.log1p(Math.abs(value))) / Math.log1p(most)));
  return `${value > 0 ? "h" : "g"}${step}`;
}

function line(policy, shown, most) {
  const row = element("tr", element("th", element("a", policy.name, { href: policy.href }), { scope: "row" }));
  fixed.forEach(([, value, className], number) => {
    const count = value(policy);
    row.append(element("td", count ? String(count) : "–", { className: `${count ? className : "zero"}${number === fixed.length - 1 ? " last" : ""}` }));
  });
  for (const column of shown) {
    const value = column.value(policy);
    const [ja, en] = column.pair(policy);
    const title = `${policy.name} · ${column[naming()]}: ${word("side-ja")} ${ja}, ${word("side-en")} ${en}`;
    row.append(element("td", value ? String(value).replace("-", "−") : "·", { className: shade(value, most), title }));
  }
  return row;
}

function draw() {
  const wanted = fold(field("policy-search").value);
  const found = data.policies.filter((policy) => fold(policy.name).includes(wanted));
  const used = columns().filter((column) => data.policies.some((policy) => column.pair(policy) !== ZERO));
  const policies = ordered(found, used).slice(0, limit);
  const most = used.reduce((max, column) => data.policies.reduce((high, policy) => Math.max(high, Math.abs(column.value(policy))), max), 1);
  const head = element("tr", heading("name", word("policy")));
  fixed.forEach(([key], number) => head.append(heading(key, word(key), `turned${number === fixed.length - 1 ? " last" : ""}`)));
  for (const column of used) head.append(heading(column.id, column[naming()], "turned"));
  one("thead", heat).replaceChildren(head);
  one("tbody", heat).replaceChildren(...policies.map((policy) => line(policy, used, most)));
  field("shown").value = found.length;
  field("more").hidden = found.length <= limit;
}

let waiting;
const form = one(".filters");
const fresh = () => { limit = STEP; draw(); };
form.addEventListener("submit", (event) => event.preventDefault());
form.addEventListener("change", fresh);
field("clear").addEventListener("click", () => { form.reset(); fresh(); });
form.addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(fresh, 120); });
field("more").addEventListener("click", () => { limit += STEP; draw(); });
for (const input of all('input[name="ui"]')) input.addEventListener("change", draw);
draw();
