"""The pages in a real browser: clicks, filters, keys, both themes, paper; nothing runs and nothing is fetched."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pages
import pytest
from conftest import CORPUS

from normalizer.batch import plan, run
from normalizer.export import html
from normalizer.export.html import page
from normalizer.export.runs import Run

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Dialog, Page

    from normalizer import Normalizer

# Of every text on the page that is seen: how its colour stands out from what lies behind it (WCAG 2.2, 1.4.3).
pytestmark = pytest.mark.slow
CONTRAST = """() => {
  const numbers = (color) => color.match(/[\\d.]+/g).map(Number);
  const over = ([r, g, b, a = 1], [x, y, z]) => [r * a + x * (1 - a), g * a + y * (1 - a), b * a + z * (1 - a)];
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(numbers(getComputedStyle(at).backgroundColor));
    return layers.reduce((below, layer) => over(layer, below), [255, 255, 255]);
  };
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) {
    const element = walker.currentNode.parentElement;
    const style = getComputedStyle(element);
    const seen = element.checkVisibility({ opacityProperty: true, contentVisibilityAuto: false });
    if (!walker.currentNode.data.trim() || !seen || element.closest("script, style, option, .unseen")) continue;
    const ground = behind(element);
    const ink = over(numbers(element.closest("svg") ? style.fill : style.color), ground);
    const [high, low] = [light(ink), light(ground)].sort((a, b) => b - a);
    found.push([(high + 0.05) / (low + 0.05), element.className, walker.currentNode.data.trim().slice(0, 30)]);
  }
  return found;
}"""


class Opened:
    """A page in a tab that notes what it says on the console, what fails, and what it asks for."""

    def __init__(self, tab: Page, address: str) -> None:
        self.tab = tab
        self.said: list[str] = []
        self.asked: list[str] = []
        tab.on("console", lambda message: self.said.append(message.text))
        tab.on("pageerror", lambda error: self.said.append(str(error)))
        tab.on("dialog", self._refuse)
        tab.on("request", lambda request: self.asked.append(request.url))
        tab.goto(address)

    def _refuse(self, dialog: Dialog) -> None:
        self.said.append(dialog.message)
        dialog.dismiss()

    def texts(self, selector: str) -> list[str]:
        """The texts of what is seen of a selector."""
        shown = "all => all.filter((one) => one.checkVisibility()).map((one) => one.innerText.trim())"
        return list(self.tab.locator(selector).evaluate_all(shown))  # at one moment: the page may be drawn anew

    def rows(self) -> list[int]:
        """The numbers of the rows that are shown."""
        ids = self.tab.locator(".row:not([hidden])").evaluate_all("rows => rows.map((row) => row.id)")
        return [int(id[1:]) for id in ids]

    def entries(self) -> list[str]:
        """The numbers of the differences that are listed."""
        return list(
            self.tab.locator(".differences > li:not([hidden])").evaluate_all("e => e.map((li) => li.dataset.n)")
        )

    def wait(self, value: Callable[[], Any], wanted: object) -> None:
        """Until a value is what it should be: filters by typing wait for the next key."""
        for _ in range(100):
            if value() == wanted:
                return
            self.tab.wait_for_timeout(50)
        assert value() == wanted

    def lit(self) -> list[str]:
        return list(self.tab.locator(".table .lit").all_text_contents())


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    path = pages.browser_path()
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield chromium
        chromium.close()


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    records, ja, en, differences = pages.policy()
    path = tmp_path_factory.mktemp("page") / "shop.html"
    path.write_text(page(records, ja, en, differences, pages.glossary()), encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, normalizer: Normalizer) -> Path:
    """The pages of a run over two policies, one of them with an awkward name and hostile text."""
    folder = tmp_path_factory.mktemp("site")
    (folder / "in").mkdir()
    for side in ("ja", "en"):
        text = "".join((CORPUS / f"01-aozora-shop.{side}.txt").read_text(encoding="utf-8").splitlines(True)[:40])
        (folder / "in" / f"a#b & 'c'.{side}.txt").write_text(f"{text}\n{pages.HOSTILE}\n", encoding="utf-8")
        text = (CORPUS / f"11-midori-saiyou.{side}.txt").read_text(encoding="utf-8")
        (folder / "in" / f"midori.{side}.txt").write_text(text, encoding="utf-8")
    with plan([folder / "in"]) as found:
        run(found, folder / "out", normalizer)
    html.write(Run(folder / "out"), folder / "pages")
    return folder / "pages"


def _open(browser: Browser, path: Path, **options: Any) -> Iterator[Opened]:
    context = browser.new_context(**{"viewport": {"width": 1440, "height": 900}, "locale": "en-US"} | options)
    context.set_default_timeout(5000)
    opened = Opened(context.new_page(), path.as_uri())
    yield opened
    context.close()
    assert opened.said == []
    assert [url for url in opened.asked if not url.startswith(("file:", "data:"))] == []


@pytest.fixture
def opened(browser: Browser, file: Path) -> Iterator[Opened]:
    yield from _open(browser, file)


@pytest.fixture
def index(browser: Browser, site: Path) -> Iterator[Opened]:
    yield from _open(browser, site / "index.html")


# --- text and safety ---------------------------------------------------------------------------------------------


def test_mark_up_in_a_policy_is_shown_as_text(opened: Opened) -> None:
    assert any(pages.HOSTILE in text for text in opened.texts(".row .clause"))
    assert opened.tab.locator("main img, main script, [onerror]").count() == 0
    assert len(opened.asked) == 1


def test_no_script_but_our_own_may_run(opened: Opened) -> None:
    """Mark-up that slipped through would run nothing: the page's own policy forbids it."""
    opened.tab.evaluate("""() => {
      const made = document.createElement("script");
      made.textContent = "window.ran = true";
      document.body.append(made);
      document.body.insertAdjacentHTML("beforeend", "<b onclick='window.ran = true'>x</b>");
      document.body.lastElementChild.click();
    }""")
    assert opened.tab.evaluate("window.ran") is None
    assert opened.said
    opened.said.clear()  # the browser said what it refused


def test_both_sides_stand_in_one_row(opened: Opened) -> None:
    left = opened.tab.locator("#r3 .text.ja").bounding_box()
    right = opened.tab.locator("#r3 .text.en").bounding_box()
    assert left is not None
    assert right is not None
    assert abs(left["y"] - right["y"]) < 2
    assert right["x"] > left["x"] + left["width"] - 1


def test_indentation_follows_the_tree(opened: Opened) -> None:
    starts = [
        opened.tab.locator(f"#r{row} .ja .clause").evaluate("e => parseFloat(getComputedStyle(e).paddingLeft)")
        for row in (1, 2, 3, 4)
    ]
    assert starts == sorted(starts)
    assert len(set(starts)) == 4


def test_one_sided_and_doubtful_rows_are_plain_to_see(opened: Opened) -> None:
    assert "No English counterpart" in opened.tab.locator("#r4").inner_text()
    assert "Japanese only" in opened.tab.locator("#r4 .link").inner_text()
    assert "No Japanese counterpart" in opened.tab.locator("#r8").inner_text()
    assert "doubtful" in opened.tab.locator("#r6 .link").inner_text()
    assert "page furniture" in opened.tab.locator("#r9 .link").inner_text()


# --- concepts ----------------------------------------------------------------------------------------------------


def test_the_concept_under_the_pointer_is_lit_on_both_sides(opened: Opened) -> None:
    opened.tab.locator("#r5 [data-c]").first.hover()
    assert opened.lit() == ["委託", "委託", "entrust"]
    card = opened.tab.locator("#card-body").inner_text()
    assert all(words in card for words in ("委託", "entrustment", "委託の定義。", "What entrustment is.", "APPI:27"))
    opened.tab.locator("h1").hover()
    assert opened.lit() == []


def test_nested_concepts_are_lit_together(opened: Opened) -> None:
    opened.tab.locator("#r3 .en [data-c~=PersonalData]").hover()
    assert opened.tab.locator("#card-body h3 [lang=en]").all_inner_texts() == [
        "personal data",
        "provision to a third party",
    ]


def test_a_click_keeps_a_concept_lit(opened: Opened) -> None:
    opened.tab.locator("#r5 [data-c]").first.click()
    opened.tab.locator("h1").hover()
    assert len(opened.lit()) == 3
    opened.tab.keyboard.press("Escape")
    assert opened.lit() == []


def test_concepts_by_keyboard(opened: Opened) -> None:
    opened.tab.locator("[data-c][tabindex='0']").focus()
    first = opened.lit()
    opened.tab.keyboard.press("ArrowRight")
    second = opened.lit()
    assert first
    assert second
    assert opened.tab.locator("[data-c][tabindex='0']").count() == 1
    opened.tab.keyboard.press("Enter")
    opened.tab.locator("#search").focus()
    assert opened.lit() == second
    opened.tab.keyboard.press("Escape")
    assert opened.lit() == []


def test_a_concept_filters_the_text(opened: Opened) -> None:
    opened.tab.get_by_role("button", name="Entrustment").click()
    assert opened.rows() == [5, 6]
    opened.tab.get_by_role("button", name="Reset").click()
    opened.tab.locator("#r3 .en [data-c~=ControllerSelf]").click()
    opened.tab.locator(".only-this").click()
    assert opened.rows() == [3, 6]


# --- filters -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "value", "rows", "entries"),
    [
        ("category", "entrustment", [5, 6], ["3"]),
        ("concept", "ThirdPartyProvision", [3], ["1", "6"]),
        ("state", "one-sided", [4, 8], ["2"]),
        ("state", "doubtful", [6], []),
        ("state", "differing", [3, 4, 5, 7, 9], ["1", "2", "3", "4", "5", "6"]),
    ],
)
def test_filters(opened: Opened, field: str, value: str, rows: list[int], entries: list[str]) -> None:
    opened.tab.locator(f"#{field}").select_option(value)
    assert (opened.rows(), opened.entries()) == (rows, entries)
    assert opened.tab.locator("#shown").inner_text() == str(len(rows))
    opened.tab.get_by_role("button", name="Reset").click()
    assert opened.rows() == list(range(1, 10))
    assert len(opened.entries()) == 7


def test_filter_by_severity(opened: Opened) -> None:
    for name in ("Medium", "Low", "None"):
        opened.tab.get_by_role("checkbox", name=name, exact=True).uncheck()
    assert (opened.rows(), opened.entries()) == ([3, 5], ["1", "3"])
    opened.tab.get_by_role("checkbox", name="High", exact=True).uncheck()
    assert (opened.rows(), opened.entries()) == ([], [])
    assert opened.texts("#no-rows, #no-differences") == ["No difference fits the filters.", "No row fits the filters."]


@pytest.mark.parametrize(
    ("words", "rows"), [("ENTRUST the", [6]), ("5年間", [7]), ("個人データ 委託", [6]), ("nothing of it", [])]
)
def test_search_knows_no_case_and_no_width(opened: Opened, words: str, rows: list[int]) -> None:
    opened.tab.get_by_role("searchbox", name="Search the text").fill(words)
    opened.wait(opened.rows, rows)


def test_what_is_searched_for_is_marked(opened: Opened) -> None:
    opened.tab.get_by_role("searchbox", name="Search the text").fill("third parties")
    opened.wait(lambda: opened.tab.evaluate("CSS.highlights.get('found')?.size"), 4)


# --- differences -------------------------------------------------------------------------------------------------


def test_differences_are_marked_where_they_are(opened: Opened) -> None:
    assert opened.tab.locator("#r3 .ja mark.high").all_text_contents() == ["提供しません"]
    assert opened.tab.locator("#r3 .en mark.high").all_text_contents() == ["may provide"]
    assert opened.tab.locator("#r3 .en mark.gap").count() == 1
    assert opened.tab.locator("#r7 mark.low").all_text_contents() == ["５年間", "3 years"]


def test_a_click_on_a_difference_goes_to_its_row(opened: Opened) -> None:
    opened.tab.locator("#d4 .jump").click()
    assert opened.tab.evaluate("document.activeElement.id") == "r7"
    assert opened.tab.locator("#d4").get_attribute("aria-current") == "true"
    assert opened.tab.locator("#r7").evaluate("e => e.getBoundingClientRect().bottom <= innerHeight")


def test_a_number_in_the_text_goes_to_its_difference(opened: Opened) -> None:
    opened.tab.locator("#r7 .en a.ref").click()
    assert opened.tab.locator("#d4").get_attribute("aria-current") == "true"
    assert opened.tab.evaluate("document.activeElement.closest('li').id") == "d4"


def test_j_and_k_go_from_difference_to_difference(opened: Opened) -> None:
    seen = []
    for key in "jjjk":
        opened.tab.keyboard.press(key)
        seen.append(opened.tab.locator("[aria-current]").get_attribute("data-n"))
    assert seen == ["1", "2", "3", "2"]
    opened.tab.locator("#search").focus()
    opened.tab.keyboard.press("j")
    assert opened.tab.locator("#search").input_value() == "j"
    opened.tab.locator("#search").fill("")
    opened.tab.locator("#keys-on").uncheck()
    opened.tab.locator("h1").click()
    opened.tab.keyboard.press("j")
    assert opened.tab.locator("[aria-current]").get_attribute("data-n") == "2"


def test_j_passes_over_what_is_filtered_out(opened: Opened) -> None:
    opened.tab.get_by_role("checkbox", name="High", exact=True).uncheck()
    opened.tab.locator("h1").click()
    opened.tab.keyboard.press("j")
    assert opened.tab.locator("[aria-current]").get_attribute("data-n") == "2"


def test_a_jump_to_a_hidden_row_lifts_the_filters(opened: Opened) -> None:
    opened.tab.goto(f"{opened.tab.url.partition('#')[0]}#r1")
    opened.tab.locator("#category").select_option("retention")
    opened.tab.locator("#d7 .jump").evaluate("e => e.click()")
    assert opened.rows() == [7]
    opened.tab.locator("#d1 .jump").evaluate("e => e.click()")
    assert 3 in opened.rows()


# --- the table of concepts ---------------------------------------------------------------------------------------


def test_the_coverage_table_sorts_and_filters(opened: Opened) -> None:
    names = ".coverage tbody tr:not([hidden]) th [lang=en]"
    assert opened.texts(names)[0] == "personal data"
    opened.tab.get_by_role("button", name="Concept", exact=True).click()
    assert opened.texts(names) == sorted(opened.texts(names), key=str.casefold)[::-1] or opened.texts(names)[0] < "j"
    opened.tab.get_by_role("button", name="Balance").click()
    assert opened.texts(names)[0] == "entrustment"
    assert opened.tab.locator(".coverage [aria-sort]").count() == 1
    opened.tab.get_by_label("Find a concept").fill("third")
    assert opened.texts(names) == ["provision to a third party"]


# --- language, theme, paper, narrow ------------------------------------------------------------------------------


def test_the_interface_speaks_both_languages(opened: Opened, browser: Browser, file: Path) -> None:
    assert opened.tab.evaluate("document.documentElement.lang") == "en"
    assert opened.texts("#legend h2") == ["Legend"]
    opened.tab.get_by_role("radio", name="日本語").check()
    assert opened.texts("#legend h2") == ["凡例"]
    assert opened.tab.locator("#category option").first.inner_text() == "すべて"
    assert opened.texts("#d1 .message") == ["相違：negation_lost"]
    for other in _open(browser, file, locale="ja-JP"):
        assert other.texts("#legend h2") == ["凡例"]


def test_the_choice_of_theme_wins_over_the_system(browser: Browser, file: Path) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    for dark in _open(browser, file, color_scheme="dark"):
        night = dark.tab.evaluate(ground)
        dark.tab.get_by_role("radio", name="Light").check()
        day = dark.tab.evaluate(ground)
        assert night != day
        dark.tab.reload()
        assert dark.tab.evaluate(ground) == day
    for light in _open(browser, file, color_scheme="light"):
        assert light.tab.evaluate(ground) == day


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["page", "index"])
def test_contrast(browser: Browser, file: Path, site: Path, scheme: str, what: str) -> None:
    for seen in _open(browser, file if what == "page" else site / "index.html", color_scheme=scheme):
        seen.tab.add_style_tag(content=".row { content-visibility: visible !important; }")
        if what == "page":
            seen.tab.locator("#r5 [data-c]").first.click()
        found = seen.tab.evaluate(CONTRAST)
        assert len(found) > 80
        assert [text for text in found if text[0] < 4.5] == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("what", ["page", "index", pytest.param("policy", marks=pytest.mark.slow)])
def test_the_rules_of_accessibility(browser: Browser, file: Path, site: Path, scheme: str, what: str) -> None:
    """axe-core: names, roles, headings, landmarks, contrast. The policy is a real page with its own headings."""
    from axe_playwright_python.sync_playwright import Axe

    path = {"page": file, "index": site / "index.html", "policy": site / "policies" / "midori.html"}[what]
    for seen in _open(browser, path, color_scheme=scheme):
        seen.tab.add_style_tag(content=".row { content-visibility: visible !important; }")
        found = Axe().run(seen.tab).response["violations"]
        assert [(rule["id"], rule["help"], rule["nodes"][0]["html"]) for rule in found] == []


def test_paper(opened: Opened) -> None:
    opened.tab.emulate_media(media="print", color_scheme="dark")
    hidden = (".settings", "nav", ".filters .field", ".card", ".skip")
    assert not any(opened.tab.locator(selector).first.is_visible() for selector in hidden)
    assert opened.tab.locator("#r9 .text.en").is_visible()
    assert opened.tab.locator("#d7").is_visible()
    ink = opened.tab.locator("#r3 .clause").first.evaluate("e => getComputedStyle(e).color")
    assert sum(map(int, ink.strip("rgb()").split(","))) < 150  # dark on white, whatever the theme
    left, right = (opened.tab.locator(f"#r3 .text.{side}").bounding_box() for side in ("ja", "en"))
    assert left is not None
    assert right is not None
    assert abs(left["y"] - right["y"]) < 2
    assert opened.tab.pdf(prefer_css_page_size=True).startswith(b"%PDF")


def test_a_narrow_screen_needs_no_sideways_scrolling(browser: Browser, file: Path, site: Path) -> None:
    for path in (file, site / "index.html", site / "policies" / "midori.html"):
        for seen in _open(browser, path, viewport={"width": 360, "height": 740}):
            assert seen.tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_the_tab_key_reaches_everything_in_order(opened: Opened) -> None:
    reached = []
    for _ in range(60):
        opened.tab.keyboard.press("Tab")
        reached.append(
            opened.tab.evaluate("(e => e.id || e.name || e.classList[0] || e.textContent)(document.activeElement)")
        )
    assert reached[0] == "skip"
    wanted = [
        "skip",
        "ui",
        "theme",
        "search",
        "category",
        "concept",
        "state",
        "severity",
        "jump",
        "c",
        "concept-search",
    ]
    places = [reached.index(name) for name in wanted]
    assert places == sorted(places)


def test_the_skip_link_leads_to_the_text(opened: Opened) -> None:
    opened.tab.keyboard.press("Tab")
    opened.tab.keyboard.press("Enter")
    assert opened.tab.evaluate("document.activeElement.id") == "text"


def test_without_scripts_the_text_is_readable(browser: Browser, file: Path, site: Path) -> None:
    for seen in _open(browser, file, java_script_enabled=False):
        assert seen.tab.locator("#r3 .en .clause").is_visible()
        assert seen.tab.locator("#d1 .message").is_visible()
    for seen in _open(browser, site / "index.html", java_script_enabled=False):
        assert seen.tab.locator(".plain a").count() == 2


# --- the index of a corpus ---------------------------------------------------------------------------------------


def test_the_index_links_to_a_page_a_policy(index: Opened) -> None:
    names = index.texts(".heat tbody th a")
    assert names == ["a#b & 'c'", "midori"]
    for name in names:
        index.tab.get_by_role("link", name=name, exact=True).click()
        assert index.texts("h1") == [name]
        index.tab.get_by_role("link", name="All policies").click()
    assert index.texts(".heat tbody th a") == names


def test_the_heat_map_shows_categories_concepts_and_measures(index: Opened) -> None:
    heads = index.texts(".heat thead th")
    assert "provision to third parties" in heads
    index.tab.get_by_label("Columns").select_option("kind:right")
    assert index.texts(".heat thead th") != heads
    index.tab.get_by_label("Columns").select_option("categories")
    assert index.texts(".heat thead th") == heads
    index.tab.get_by_label("Find a column").fill("PURPOSE of use")
    index.wait(lambda: index.texts(".heat thead th")[5:], ["purpose of use"])
    index.tab.get_by_label("Count").select_option("ja")
    ja = int(index.texts(".heat tbody tr:first-child td:last-child")[0])
    index.tab.get_by_label("Count").select_option("sum")
    assert int(index.texts(".heat tbody tr:first-child td:last-child")[0]) > ja > 0


def test_the_heat_map_sorts_and_filters(index: Opened) -> None:
    head = index.tab.locator("thead th[data-key=definition] button")
    head.click()
    column = index.tab.locator("thead th").evaluate_all("h => h.findIndex((th) => th.dataset.key === 'definition') + 1")
    cells = index.texts(f".heat tbody tr > :nth-child({column})")
    counts = [int(cell.replace("·", "0")) for cell in cells]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]
    head.click()
    assert index.texts(f".heat tbody tr > :nth-child({column})") == cells[::-1]
    index.tab.get_by_label("Find a policy").fill("MIDORI")
    index.wait(lambda: len(index.texts(".heat tbody tr")), 1)
    assert index.texts("#shown") == ["1"]


def test_the_index_speaks_both_languages(index: Opened) -> None:
    index.tab.get_by_role("radio", name="日本語").check()
    assert "第三者提供" in index.texts(".heat thead th")
