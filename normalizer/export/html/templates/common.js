"use strict";
// Language and theme of both pages; what is chosen is remembered where the browser allows it.
const all = (selector, within = document) => [...within.querySelectorAll(selector)];
const one = (selector, within = document) => within.querySelector(selector);
const fold = (text) => text.normalize("NFKC").toLowerCase();
const data = JSON.parse(one("#data").textContent);

const memory = {
  get(name) { try { return localStorage.getItem(`normalizer-${name}`); } catch { return null; } },
  set(name, value) { try { localStorage.setItem(`normalizer-${name}`, value); } catch { /* a file opened without storage */ } },
};

function speak(language) {
  document.documentElement.lang = language;
  for (const option of all("option[data-ja]")) option.textContent = option.dataset[language];
  for (const group of all("optgroup")) group.label = group.dataset[language];
}

function choose(name, fallback, apply) {
  const value = memory.get(name) ?? fallback;
  for (const input of all(`input[name="${name}"]`)) {
    input.checked = input.value === value;
    input.addEventListener("change", () => { memory.set(name, input.value); apply(input.value); });
  }
  apply(value);
}

choose("ui", navigator.language.startsWith("ja") ? "ja" : "en", speak);
choose("theme", "auto", (theme) => { document.documentElement.dataset.theme = theme; });
document.documentElement.classList.add("js");

// Sorts the rows of a table by a column; a second click turns the order round.
function sortable(table, valueOf) {
  for (const button of all("thead button[data-sort]", table)) {
    button.addEventListener("click", () => {
      const head = button.closest("th");
      const ascending = head.getAttribute("aria-sort") === "descending";
      for (const other of all("th[aria-sort]", table)) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", ascending ? "ascending" : "descending");
      const body = one("tbody", table);
      const keyed = all("tr", body).map((row) => [valueOf(row, Number(button.dataset.sort)), row]);
      const compare = (a, b) => (typeof a === "number" ? b - a : a.localeCompare(b, document.documentElement.lang));
      keyed.sort(([a], [b]) => (ascending ? compare(b, a) : compare(a, b)));
      body.append(...keyed.map(([, row]) => row));
    });
  }
}
