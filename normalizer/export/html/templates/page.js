// The page of one policy: filters, the lit concept, and the way from difference to difference.
const rows = all(".row");
const entries = all(".differences > li");
const filters = one(".filters");
const field = (id) => one(`#${id}`);

// --- filters ---------------------------------------------------------------------------------------------------
const texts = new Map();
const textOf = (row) => {
  if (!texts.has(row)) texts.set(row, fold(all(".text", row).map((cell) => cell.textContent).join("\n")));
  return texts.get(row);
};
const states = {
  differing: (row) => row.dataset.severities !== "none",
  "one-sided": (row) => row.matches(".ja-only, .en-only"),
  doubtful: (row) => row.classList.contains("doubtful"),
};

function filter() {
  const words = fold(field("search").value).split(/\s+/).filter(Boolean);
  const [category, concept, state] = ["category", "concept", "state"].map((id) => field(id).value);
  const severities = new Set(all('input[name="severity"]:checked').map((box) => box.value));
  const active = words.length > 0 || category || concept || state || severities.size < 4;
  let count = 0;
  for (const row of rows) {
    const { dataset } = row;
    const keep = (!category || dataset.category === category)
      && (!concept || dataset.concepts.split(" ").includes(concept))
      && (!state || states[state](row))
      && dataset.severities.split(" ").some((severity) => severities.has(severity))
      && words.every((word) => textOf(row).includes(word));
    row.hidden = !keep;
    count += keep;
  }
  let listed = 0;
  for (const entry of entries) {
    const row = entry.dataset.row && field(`r${entry.dataset.row}`);
    entry.hidden = !severities.has(entry.dataset.severity) || (row ? row.hidden : Boolean(active && (words.length || category || concept || state)));
    listed += !entry.hidden;
  }
  field("shown").value = count;
  field("no-rows").hidden = count > 0;
  if (field("no-differences")) field("no-differences").hidden = listed > 0;
  one(".table").classList.toggle("filtered", Boolean(active));
  highlight(words);
}

// Marks what was searched for, where the browser can do that without touching the text.
function highlight(words) {
  if (!CSS.highlights) return;
  CSS.highlights.delete("found");
  if (!words.length) return;
  const ranges = [];
  for (const row of rows) {
    if (row.hidden) continue;
    for (const cell of all(".text", row)) {
      const walker = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
      while (walker.nextNode()) {
        const text = walker.currentNode.data.toLowerCase();
        for (const word of words) {
          for (let at = text.indexOf(word); at >= 0; at = text.indexOf(word, at + word.length)) {
            if (at + word.length > walker.currentNode.length) break;
            const range = new Range();
            range.setStart(walker.currentNode, at);
            range.setEnd(walker.currentNode, at + word.length);
            ranges.push(range);
          }
        }
      }
    }
  }
  CSS.highlights.set("found", new Highlight(...ranges));
}

// The bar of filters stays in sight; what is scrolled to must not lie under it.
new ResizeObserver(() => {
  const fixed = getComputedStyle(filters).position === "sticky";
  document.documentElement.style.setProperty("--bar", fixed ? `${filters.offsetHeight}px` : "0px");
}).observe(filters);

let waiting;
filters.addEventListener("submit", (event) => event.preventDefault());
filters.addEventListener("change", filter);
field("clear").addEventListener("click", clear);
field("search").addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(filter, 120); });

function clear() {
  filters.reset();
  filter();
}

function showConcept(id) {
  filters.reset();
  field("concept").value = id;
  filter();
  field("text").scrollIntoView();
}

// --- the lit concept -------------------------------------------------------------------------------------------
const places = new Map();
for (const place of all(".table [data-c]")) {
  for (const id of place.dataset.c.split(" ")) {
    if (!places.has(id)) places.set(id, []);
    places.get(id).push(place);
  }
}
let lit = [];
let pinned = null;

function light(place) {
  for (const id of lit) for (const other of places.get(id)) other.classList.remove("lit");
  lit = place ? place.dataset.c.split(" ") : [];
  for (const id of lit) for (const other of places.get(id)) other.classList.add("lit");
  field("card-body").replaceChildren(...lit.map(card));
}

function card(id) {
  const known = data[id];
  const made = field("card-template").content.cloneNode(true);
  for (const language of ["ja", "en"]) {
    const [label, definition] = known[language];
    one(`h3 [lang="${language}"]`, made).textContent = label;
    one(`p[lang="${language}"]`, made).textContent = definition;
  }
  const counts = all(".counts b", made);
  counts[0].textContent = known.ja[2];
  counts[1].textContent = known.en[2];
  one(".articles", made).textContent = known.articles;
  one(".only-this", made).addEventListener("click", () => showConcept(id));
  return made;
}

const table = one(".table");
const placeOf = (event) => event.target.closest("[data-c]");
table.addEventListener("pointerover", (event) => { if (!pinned && placeOf(event)) light(placeOf(event)); });
table.addEventListener("pointerout", (event) => { if (!pinned && placeOf(event) && !placeOf(event).matches(":focus")) light(null); });
table.addEventListener("click", (event) => { if (placeOf(event)) pin(placeOf(event)); });
table.addEventListener("focusin", (event) => { if (placeOf(event)) { pinned = null; stop(placeOf(event)); light(placeOf(event)); } });
table.addEventListener("focusout", () => { if (!pinned) light(null); });

function pin(place) {
  pinned = pinned === place ? null : place;
  light(place);
}

// One stop of the Tab key for all concepts; arrows go from one to the next.
const stops = all(".table [data-c]");
let current = stops[0];
function stop(place) {
  if (current) current.tabIndex = -1;
  current = place;
  current.tabIndex = 0;
}
if (current) stop(current);

function stride(from, by) {
  let at = stops.indexOf(from) + by;
  while (stops[at] && stops[at].closest(".row").hidden) at += by;
  stops[at]?.focus();
}

// --- from difference to difference -----------------------------------------------------------------------------
let at = null;
function go(entry) {
  at = entry;
  for (const other of entries) other.removeAttribute("aria-current");
  for (const other of all(".here")) other.classList.remove("here");
  entry.setAttribute("aria-current", "true");
  entry.scrollIntoView({ block: "nearest" });
  const row = entry.dataset.row && field(`r${entry.dataset.row}`);
  if (!row) { one("a", entry).focus(); return; }
  if (row.hidden) clear();
  row.classList.add("here");
  for (const mark of all("mark", table)) if (mark.dataset.d.split(" ").includes(entry.dataset.n)) mark.classList.add("here");
  row.focus({ preventScroll: true });
  row.scrollIntoView({ block: "center" });
}

function next(by) {
  const open = entries.filter((entry) => !entry.hidden);
  const from = open.indexOf(at);
  const entry = at === null || from < 0 ? open[by > 0 ? 0 : open.length - 1] : open[from + by];
  if (entry) go(entry);
}

for (const entry of entries) {
  one(".jump", entry).addEventListener("click", (event) => { event.preventDefault(); go(entry); });
}
table.addEventListener("click", (event) => {
  const ref = event.target.closest("a.ref");
  if (!ref) return;
  event.preventDefault();
  const entry = one(ref.getAttribute("href"));
  if (entry.hidden) clear();
  go(entry);
  one("a", entry).focus({ preventScroll: true });
});

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const place = placeOf(event);
  if (place && event.key === "Enter") { event.preventDefault(); pin(place); return; }
  if (place && (event.key === "ArrowRight" || event.key === "ArrowLeft")) { event.preventDefault(); stride(place, event.key === "ArrowRight" ? 1 : -1); return; }
  if (event.key === "Escape") { pinned = null; light(null); return; }
  if (!field("keys-on").checked || event.target.matches("input, select, textarea")) return;
  if (event.key === "j") next(1);
  else if (event.key === "k") next(-1);
  else if (event.key === "/") { event.preventDefault(); field("search").focus(); }
});

// --- coverage --------------------------------------------------------------------------------------------------
const coverage = one(".coverage");
sortable(coverage, (row, column) => {
  const cell = row.cells[column];
  return cell.dataset.v === undefined ? one(`[lang="${document.documentElement.lang}"]`, cell).textContent : Number(cell.dataset.v);
});
function filterConcepts() {
  const word = fold(field("concept-search").value);
  for (const row of all("tbody tr", coverage)) {
    row.hidden = (field("one-sided-concepts").checked && !row.classList.contains("one")) || !fold(row.cells[0].textContent + row.dataset.concept).includes(word);
  }
}
field("concept-search").addEventListener("input", filterConcepts);
field("one-sided-concepts").addEventListener("change", filterConcepts);
for (const button of all(".pick", coverage)) button.addEventListener("click", () => showConcept(button.closest("tr").dataset.concept));

filter();
