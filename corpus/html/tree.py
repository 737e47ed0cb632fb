"""Parse HTML into the tree that a browser shows."""

from collections.abc import Iterable

from selectolax.lexbor import LexborHTMLParser, LexborNode

from corpus.html import tags
from corpus.html.source import prepare

NOT_SHOWN = "[hidden], [style*='none' i], [style*='hidden' i]"
"""Selects the elements that a browser may not show."""
_SHADOW_ROOT = "template[shadowrootmode]"


def parse_html(html: str | bytes) -> LexborHTMLParser:
    """Parse HTML; bytes must be UTF-8. Lone surrogates, which strings can hold, are left out.

    Scripts do not run, so that ``noscript`` holds elements. To a browser that runs them it is text
    up to its end, so nothing in it can reach beyond: nor does it here. There are pages that close
    an ``iframe`` in it as if it were empty, which would take in the rest of the page.

    The tree is the one that is drawn: an element with a declarative shadow root holds that, with
    its own children where the root has slots for them; readings (``rt``) stand in parentheses
    behind their word, whether the page has any or not; what is drawn for the eye beside a formula
    in MathML goes, for it says the same.

    Raises:
        DataError: if a page would take too much time or memory (see `prepare`).
    """
    source = prepare(html.encode(errors="ignore") if isinstance(html, str) else html)
    tree = LexborHTMLParser(source.utf8)
    if source.is_composed:
        shadow_roots = tree.css(_SHADOW_ROOT)
        while shadow_roots:
            shadow_roots += _attach(shadow_roots.pop())
        for reading in tree.css("rt"):
            if (reading.text() or "").strip():
                reading.insert_before("（")
                reading.insert_after("）")
        for formula in tree.css("math"):
            _remove_drawn_copy(formula)
    return tree


def not_shown_inline(nodes: Iterable[LexborNode]) -> frozenset[int]:
    """Addresses (``mem_id``) of those nodes that are inline elements a browser doesn't show."""
    return frozenset(
        node.mem_id
        for node in nodes
        if tags.TAGS.get(node.tag or "", tags.INLINE_ELEMENT).act not in (tags.BLOCK, tags.SKIP)
        and tags.attribute_flags(node.attributes) & tags.UNSEEN
    )


def _attach(template: LexborNode) -> list[LexborNode]:
    """Put a shadow root's content in the place of its host's; return the roots inside it."""
    host = template.parent
    fragments = template.template_fragments()
    if host is None or not fragments:
        return []
    roots = fragments[0].css(_SHADOW_ROOT)
    slots: dict[str, list[LexborNode]] = {}
    for child in _children(host):
        if child.mem_id != template.mem_id:
            name = child.attributes.get("slot") if child.is_element_node else None
            slots.setdefault(name or "", []).append(child)
    for child in _children(fragments[0]):
        template.insert_before(child, move=True)
    for slot in host.css("slot"):
        assigned = slots.pop(slot.attributes.get("name") or "", [])
        fallback = _children(slot) if assigned else []
        for child in assigned:
            slot.insert_child(child, move=True)
        for child in fallback:
            child.remove()
    for rest in slots.values():
        for child in rest:
            child.remove()
    template.remove()
    return roots


def _children(node: LexborNode) -> list[LexborNode]:
    children = []
    child = node.first_child
    while child is not None:
        children.append(child)
        child = child.next
    return children


def _remove_drawn_copy(formula: LexborNode) -> None:
    for node in (formula, formula.parent or formula):
        for beside in (node.prev, node.next):
            if beside is None or not beside.is_element_node:
                continue
            if beside.attributes.get("aria-hidden") == "true":
                beside.remove()
