"""The application as somebody uses it, in a real browser."""

import json
import socketserver
import statistics
import threading
from http.server import BaseHTTPRequestHandler

import numpy as np
import pytest

from labels import LABELS, Label, codes, read_labels, write_labels
from labels.annotation.drafts.decisions import read_decisions
from labels.annotation.drafts.resolution import Resolver
from labels.annotation.drafts.store import Store

FELT_AS_INSTANT = 100  # milliseconds
ON_A_BUSY_MACHINE = 4  # times as long


def gold(folders, page_id="ko-1"):
    page = next(page for page in folders.read() if page.id == page_id)
    return [str(LABELS[code]) for code in read_labels(folders.gold_of(page_id), page.lines())]


def test_a_korean_page_goes_from_the_queue_to_gold_by_keyboard_alone(visit, client, folders):
    window = visit(client)
    window.page.context.clear_cookies()
    window.page.goto(client.guard.address_of())  # as it is printed, with the token
    assert "token" not in window.page.url
    window.page.wait_for_selector("body[data-ready=yes]")
    assert window.page.inner_text(".totals").startswith("0 of 2 pages have gold")
    window.press("/")
    window.page.keyboard.type("ko-")
    window.press("Escape", "Enter")
    window.page.wait_for_selector(".lines .row")
    window.page.wait_for_selector("body[data-ready=yes]")
    assert window.page.inner_text(".row >> nth=3 >> .text") == "방앗간이 다시 돈다"
    # Menu and headline, with a Korean keyboard layout on: what counts is the key.
    window.press("Home", "Shift+j", "Shift+j", "n", "j")
    window.page.evaluate(
        "document.activeElement.dispatchEvent(new KeyboardEvent('keydown', {key: 'ㅅ', code: 'KeyT', bubbles: true}))"
    )
    window.press("j", "y", "j", "Enter", "Enter", "b", "j", "r", "g", "r", "End", "l")
    window.saved()
    window.press("d")
    window.page.wait_for_selector("dialog.done")
    assert window.page.inner_text("dialog h2") == "The checks find nothing"
    window.press("Enter")
    window.page.wait_for_selector("body[data-accepted=ko-1]")
    window.page.wait_for_selector("text=1 of 2 pages have gold now")
    assert gold(folders) == [
        "navigation", "navigation", "navigation", "title", "byline", "body", "body", "body",
        "recommendation", "recommendation", "recommendation", "legal",
    ]  # fmt: skip
    window.press("Enter")
    window.page.wait_for_url("**/edit/en-1")


def test_what_is_to_be_looked_at_is_listed_and_leads_to_its_line(visit, client, folders):
    window = visit(client).open("/edit/ko-1").press("d")
    window.page.wait_for_selector("dialog.done")
    text = window.page.inner_text("dialog")
    assert "proposed without certainty" in text
    assert "no line is labelled title" in text
    window.press("Enter")  # on the first link; it does not accept
    window.page.wait_for_selector("dialog", state="detached")
    assert not folders.gold_of("ko-1").exists()
    assert window.cursor == 3
    # Without body a page cannot become gold.
    window.press("Home", "Shift+End", "n").saved().press("d")
    window.page.wait_for_selector("dialog li.stops")
    window.press("a")
    assert window.page.is_disabled("dialog .primary")
    assert not folders.gold_of("ko-1").exists()


def test_gold_that_differs_is_replaced_only_after_a_confirmation(visit, client, store, folders):
    lines = store.lines("en-1")
    write_labels(
        folders.gold_of("en-1"), lines.texts, codes(["navigation", "title", "body", "social"])
    )
    window = visit(client).open("/edit/en-1").press("Home", "l").saved().press("d")
    window.page.wait_for_selector("dialog.done")
    window.press("a")
    window.page.wait_for_selector("text=It differs from this draft in 1 line")
    assert gold(folders, "en-1")[0] == "navigation"
    window.press("Tab", "Enter")
    window.page.wait_for_selector("body[data-accepted=en-1]")
    assert gold(folders, "en-1")[0] == "legal"


def test_a_second_tab_gets_a_conflict_and_overwrites_nothing(visit, client, store):
    first = visit(client).open("/edit/ko-1")
    second = visit(client).open("/edit/ko-1")
    first.press("Home", "a").saved()
    second.press("Home", "j", "l")
    second.page.wait_for_selector("body[data-state=conflict]")
    assert "changed elsewhere" in second.page.inner_text(".conflict")
    assert "2 lines differ" in second.page.inner_text(".conflict")
    second.press("b")  # nothing more can be changed
    assert second.keys()[:2] == "nl"
    second.page.click("text=Show what differs")
    assert second.page.inner_text("#line-0 .theirs").split() == ["there:", "A", "advert"]
    assert store.open("ko-1").draft.decided.tolist()[:2] == [True, False]
    second.page.click("text=Load what is saved")
    second.saved()
    assert second.keys()[:2] == "an"
    second.press("Home", "j", "l").saved()
    assert [str(LABELS[code]) for code in store.open("ko-1").draft.labels[:2]] == [
        "advert",
        "legal",
    ]


def test_undo_and_redo_go_through_the_server_and_outlive_the_tab(visit, client, store):
    window = visit(client).open("/edit/ko-1")
    before = window.keys()
    window.press("Home", "a", "j", "Shift+j", "l").saved()
    changed = window.keys()
    assert changed[:3] == "all"
    again = visit(client).open("/edit/ko-1")
    again.press("z")
    again.until("editor.draft.redoable === 1")
    assert again.keys()[:3] == "a" + before[1:3]
    assert again.selected == [1, 2]
    again.press("z", "z").until("editor.draft.redoable === 2")
    assert again.keys() == before
    assert not store.open("ko-1").draft.decided.any()
    again.press("Shift+z", "Control+Shift+z").until("editor.draft.redoable === 0")
    assert again.keys() == changed


def test_typing_faster_than_the_server_answers_loses_no_change(visit, client, store):
    window = visit(client).open("/edit/ko-1").press("Home")
    window.press(*[key for letter in "btycmnroaslx" for key in (letter, "j")]).saved()
    assert window.keys() == "btycmnroaslx"
    assert [str(LABELS[code]) for code in store.open("ko-1").draft.labels] == list(LABELS)


def test_the_mouse_selects_by_click_shift_and_drag(visit, client):
    window = visit(client).open("/edit/ko-1")
    rows = window.page.locator(".row .text")
    rows.nth(2).click()
    assert window.selected == [2]
    rows.nth(5).click(modifiers=["Shift"])
    assert window.selected == [2, 3, 4, 5]
    start, end = rows.nth(8).bounding_box(), rows.nth(6).bounding_box()
    window.page.mouse.move(start["x"] + 20, start["y"] + 8)
    window.page.mouse.down()
    window.page.mouse.move(end["x"] + 30, end["y"] + 8, steps=4)
    window.page.mouse.up()
    window.page.mouse.move(end["x"], end["y"] - 150)
    assert window.selected == [6, 7, 8]
    window.page.click(".legend [data-key=r]")
    window.saved()
    assert window.keys()[6:9] == "rrr"


def test_a_container_is_selected_and_grows(visit, client):
    window = visit(client).open("/edit/ko-1").press("Home", "g")
    assert window.selected == [0, 1, 2]
    window.press("n").saved()
    assert window.keys()[:3] == "nnn"
    window.press("End", "k", "g")
    assert window.selected == [9, 10]
    window.press("g")
    assert window.selected == [8, 9, 10]
    window.press("Shift+g")
    assert window.selected == [9, 10]
    window.press("g", "g")
    assert window.selected == list(range(12))


def test_search_finds_lines_and_gives_the_keys_back(visit, client):
    window = visit(client).open("/edit/ko-1").press("/")
    window.page.keyboard.type("방앗간")
    assert window.page.inner_text(".found") == "1 of 2"
    window.press("Enter")
    assert window.cursor == 5
    window.press("Escape", "j")
    assert window.cursor == 6


def test_u_goes_through_uncertain_lines_until_all_are_decided(visit, client):
    window = visit(client).open("/edit/ko-1")
    marked = window.page.evaluate("editor.data.uncertain")
    assert marked
    visited = []
    for _ in marked:
        visited.append(window.cursor)
        window.press("Enter").saved().press("k", "u")
    assert visited == marked
    assert "0 uncertain" in window.page.inner_text(".progress")
    assert "no uncertain line is left" in window.page.inner_text(".toasts")


def test_the_frame_follows_the_lines_and_the_lines_follow_the_frame(visit, client):
    window = visit(client).open("/edit/ko-1").press("Home", "j", "j", "j")
    frame = window.page.frame_locator("iframe")
    frame.locator("#bench-3:target").wait_for(state="attached")
    assert frame.locator("#bench-3").inner_text() == "방앗간이 다시 돈다"
    assert window.page.evaluate("document.activeElement.className") == "lines"
    window.in_full_size()
    frame.get_by_text("물레바퀴").click()
    window.until("editor.list.cursor === 6")
    window.until("document.activeElement.className === 'lines'")
    frame.get_by_text("소식").click()  # inside a link of the page
    window.until("editor.list.cursor === 1")
    window.press("v")
    frame.locator("#bench-1:target").wait_for(state="attached")
    assert frame.locator("style").count() == 1
    assert len(window.page.context.pages) == 1


def test_blank_drafts_show_no_label_until_one_is_given(visit, serve, folders, propose):
    with serve(Store(folders, "other", propose, blank=True)) as client:
        window = visit(client).open("/edit/en-1")
        assert window.page.locator(".mark").count() == 0
        assert window.keys() == "----"
        window.press("Enter")
        assert "have no label yet" in window.page.inner_text(".toasts")
        window.press("Home", "n", "u", "b", "u", "b", "u", "s").saved()
        window.press("d")
        window.page.wait_for_selector("text=Keep as my draft")
        assert window.keys() == "nbbs"


class Canary(socketserver.ThreadingTCPServer):
    """A server that must not get a single request."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self):
        self.requests = []
        requests = self.requests

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                requests.append(self.path)
                self.send_response(200)
                self.end_headers()

            do_POST = do_HEAD = do_OPTIONS = do_GET  # noqa: N815 - the server looks for these

            def log_message(self, *_):
                pass

        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


@pytest.fixture
def canary():
    with Canary() as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield server
        server.shutdown()
        thread.join()


ATTACK = """
try { parent.document.title = 'taken' } catch (e) {}
try { parent.postMessage('taken', '*'); top.location = 'URL/top'; parent.location = 'URL/parent' } catch (e) {}
try { window.open('URL/popup') } catch (e) {}
try { fetch('URL/fetch'); navigator.sendBeacon('URL/beacon'); new WebSocket('ws' + 'URL/ws'.slice(4)) } catch (e) {}
new Image().src = 'URL/image'; location = 'URL/self';
document.write('<form action="URL/form" method=post><input name=a></form>'); document.forms[0].submit();
"""


@pytest.mark.parametrize("sanitised", [True, False])
def test_a_page_reaches_neither_the_application_nor_the_network(
    visit, serve, write_corpus, propose, canary, monkeypatch, sanitised
):
    """The second time as if nothing were removed from the page: sandbox and policy hold alone."""
    script = ATTACK.replace("URL", canary.url)
    html = f"""<!doctype html><html><head><meta http-equiv="refresh" content="0;url={canary.url}/refresh">
<link rel="stylesheet" href="{canary.url}/css"><link rel="prefetch" href="{canary.url}/prefetch">
<style>@import "{canary.url}/import"; p {{ background: url({canary.url}/background) }}
@font-face {{ font-family: f; src: url({canary.url}/font) }} p {{ font-family: f }}</style>
<script>{script}</script><script src="{canary.url}/script"></script></head><body onload="{script.replace('"', "'")}">
<p id="end">Nothing here <img src="{canary.url}/img" onerror="{script.replace('"', "'")}"> but text</p>
<iframe src="{canary.url}/iframe"></iframe><iframe srcdoc="<script>{script.replace('"', "'")}</script>"></iframe>
<object data="{canary.url}/object"></object><embed src="{canary.url}/embed"><video src="{canary.url}/video" autoplay></video>
<audio src="{canary.url}/audio" autoplay></audio><svg><image href="{canary.url}/svg"/><script>{script}</script></svg>
<a id="link" href="{canary.url}/click" target="_top" ping="{canary.url}/ping">a link of the page</a>
<form action="{canary.url}/submit"><button id="button">a button of the page</button></form></body></html>"""
    folders = write_corpus([("en-1", "html", html)])
    if not sanitised:
        monkeypatch.setattr("labels.annotation.web.app.frame", lambda *_args, **_more: html)
    with serve(Store(folders, "one", propose)) as client:
        window = visit(client).open("/edit/en-1")
        window.page.evaluate("addEventListener('message', () => { document.title = 'taken' })")
        shown = window.page.frames[1]
        if sanitised:
            window.page.frame_locator("iframe").locator("#end").wait_for()
            assert shown.evaluate("origin") == "null"
            window.in_full_size()
            for name in ("a link of the page", "a button of the page"):
                window.page.frame_locator("iframe").get_by_text(name).click()
            window.until("editor.list.cursor === 2")
        else:
            window.until("editor.frame.ready")
        # What was requested by now would have arrived: the same machine answers this.
        window.page.wait_for_load_state("networkidle")
        assert canary.requests == []
        assert window.page.title() == "en-1 · bench label"
        assert window.page.url.endswith("/edit/en-1")
        assert len(window.page.context.pages) == 1
        assert window.page.context.cookies()[0]["httpOnly"]
        assert window.page.evaluate("document.cookie") == ""


def test_another_site_cannot_read_or_change_anything(visit, client, context, canary, folders):
    visit(client).open("/edit/ko-1")
    evil = context.new_page()
    evil.goto(f"{canary.url}/evil")
    target = f"http://{client.host}"
    results = evil.evaluate(
        """async (target) => {
            const tries = [
                () => fetch(target + '/api/page/ko-1', {credentials: 'include'}),
                () => fetch(target + '/api/page/ko-1/accept', {method: 'POST', credentials: 'include', body: '{}',
                    headers: {'content-type': 'application/json'}}),
            ];
            const results = [];
            for (const one of tries) results.push(await one().then(() => 'read', () => 'refused'));
            const blind = await fetch(target + '/api/page/ko-1/accept', {method: 'POST', mode: 'no-cors',
                credentials: 'include', body: JSON.stringify({version: 'x'})}).then(() => 'sent', () => 'refused');
            return [...results, blind];
        }""",
        target,
    )
    assert results[:2] == ["refused", "refused"]
    evil.evaluate(
        """(target) => { const frame = document.createElement('iframe'); frame.src = target + '/edit/ko-1';
        document.body.append(frame); return new Promise((resolve) => { frame.onload = resolve; }) }""",
        target,
    )
    assert not [frame for frame in evil.frames[1:] if frame.locator(".lines").count()]
    assert not folders.gold_of("ko-1").exists()


@pytest.mark.parametrize("lines", [1000, 3000])
def test_a_page_of_many_lines_answers_keys_without_lag(visit, serve, write_corpus, propose, lines):
    text = "\n".join(
        f"{n} 물레방앗간 앞 개울에는 오늘도 오리가 {n}마리 놀고 있다." for n in range(lines)
    )
    folders = write_corpus([("ko-1", "text", text)])
    with serve(Store(folders, "one", propose)) as client:
        window = visit(client).open("/edit/ko-1").press("Home")
        # The browser's own measure: from the key to the next time the screen is painted.
        window.page.evaluate(
            """window.took = []; new PerformanceObserver((list) => list.getEntries().forEach(
              (entry) => entry.name === "keydown" && window.took.push(entry.duration)
            )).observe({type: "event", durationThreshold: 16})"""
        )
        keys = [*["j", "b", "Shift+j", "n", "End", "l", "PageUp", "Home"] * 2, "g", "x"]
        for key in keys:
            window.press(key)
            window.page.evaluate(
                "new Promise((done) => requestAnimationFrame(() => setTimeout(done)))"
            )
        window.saved()
        took = window.page.evaluate("window.took")
        assert len(took) > len(keys) // 2
        assert statistics.median(took) < ON_A_BUSY_MACHINE * FELT_AS_INSTANT


def test_disputes_are_decided_by_keyboard_into_gold(visit, serve, folders, store):
    for name, labels in (
        ("first", "navigation body body social"),
        ("second", "navigation title legal social"),
    ):
        write_labels(
            folders.draft_of("en-1", name), store.lines("en-1").texts, codes(labels.split())
        )
    with serve(store, resolver=Resolver(store)) as client:
        window = visit(client).open("/resolve")
        assert "first, second" in window.page.inner_text("tbody")
        window.press("Enter")
        window.page.wait_for_url("**/resolve/en-1")
        window.page.wait_for_selector("body[data-ready=yes]")
        window.press("2")
        window.page.wait_for_selector("body[data-open='1']")
        window.press("m")
        window.page.wait_for_selector("body[data-open='0']")
        window.press("z")
        window.page.wait_for_selector("body[data-open='1']")
        window.press("1")
        window.page.wait_for_selector("body[data-open='0']")
        window.press("d")
        window.page.wait_for_selector("dialog.done")
        window.press("Enter")
        window.page.wait_for_selector("body[data-accepted=en-1]")
    assert gold(folders, "en-1") == ["navigation", "title", "body", "social"]
    assert [(one.line, one.label) for one in read_decisions(folders)] == [(2, "title"), (3, "body")]


def test_a_server_that_is_gone_is_reported_and_the_change_sent_when_it_is_back(
    visit, client, store
):
    window = visit(client).open("/edit/ko-1")
    window.page.route("**/change", lambda route: route.abort())
    window.press("Home", "a")
    window.page.wait_for_selector("body[data-state=offline]")
    assert "does not answer" in window.page.inner_text(".state")
    window.page.unroute("**/change")
    window.saved()
    assert store.open("ko-1").draft.labels[0] == Label.ADVERT.code


def test_an_answer_that_is_lost_is_no_conflict(visit, client, store):
    window = visit(client).open("/edit/ko-1")

    def lose(route):
        route.fetch()
        route.abort()

    window.page.route("**/change", lose, times=1)
    window.press("Home", "a")
    window.page.wait_for_selector("body[data-state=offline]")
    window.saved()
    assert len(store.open("ko-1").draft.done) == 1


def test_the_page_announces_its_state_to_screen_readers(visit, client):
    window = visit(client).open("/edit/ko-1").press("Home", "Shift+j")
    assert window.page.get_attribute(".lines", "role") == "listbox"
    assert window.page.get_attribute(".lines", "aria-activedescendant") == "line-1"
    assert window.page.locator("[role=option][aria-selected=true]").count() == 2
    assert window.page.get_attribute(".state", "aria-live") == "polite"
    window.press("a").saved()
    assert window.page.inner_text(".state") == "Saved"
    window.press("?")
    assert "extend the selection" in window.page.inner_text("dialog.help")
    window.press("Escape", "k")
    assert window.cursor == 0
    assert json.loads(window.page.evaluate("JSON.stringify(editor.draft.waiting)")) == []
    assert np.array_equal(window.selected, [0])
