import pytest

from corpus import split_html


@pytest.mark.parametrize(
    ("html", "lines"),
    [
        ("<div><template shadowrootmode=open><p>one</p></template></div>", ["one"]),
        ("<x-y><template shadowrootmode=closed><p>one</p></template></x-y>", ["one"]),
        ("<x-y><TEMPLATE id=a\nShadowRootMode='open'><p>one</TEMPLATE></x-y>", ["one"]),
        # a root inside another
        (
            "<x-y><template shadowrootmode=open><p>one</p><x-z><template shadowrootmode=closed>"
            "<p>two</p></template></x-z><p>three</p></template></x-y>",
            ["one", "two", "three"],
        ),
        # children of the host stand where the root has slots for them, or nowhere
        (
            "<x-y><template shadowrootmode=open><p>1 <slot></slot></p><p>2 <slot name=a></slot></p>"
            "<p><slot name=b>fallback</slot></p></template><i slot=a>a</i> rest</x-y>",
            ["1 rest", "2 a", "fallback"],
        ),
        ("<x-y><template shadowrootmode=open><p>one</template><p>unseen</x-y>", ["one"]),
        # other templates are not shown
        ("<x-y><template><p>no</template><p>one</x-y>", ["one"]),
        (
            "<x-y><template shadowrootmode=open><template><p>no</template><p>one</template></x-y>",
            ["one"],
        ),
    ],
)
def test_a_declarative_shadow_root_is_read(html, lines):
    assert split_html(html).texts == lines


FORMULA = "<math><semantics><mrow><mi>v</mi><mo>=</mo><mn>2</mn></mrow>{}</semantics></math>"


@pytest.mark.parametrize(
    "html",
    [
        FORMULA.format(""),
        FORMULA.format("<annotation encoding='application/x-tex'>v = 2</annotation>"),
        FORMULA.format("<annotation-xml encoding='MathML-Content'><cn>2</cn></annotation-xml>"),
        "<span><span>"
        + FORMULA.format("")
        + "</span><span aria-hidden=true><b>v</b>=2</span></span>",
        "<x-m><span aria-hidden=true>v=2</span>" + FORMULA.format("") + "</x-m>",
    ],
)
def test_a_formula_is_read_once(html):
    assert split_html(f"<p>The mean {html} is.</p>").texts == ["The mean v=2 is."]


@pytest.mark.parametrize(
    "html",
    [
        "<ruby>港町<rt>みなとまち</rt></ruby>に",
        "<ruby>港町<rp>(</rp><rt>みなとまち</rt><rp>)</rp></ruby>に",
        "<ruby>港町<rp>（<rt>みなとまち<rp>）</ruby>に",
        "<ruby><rb>港町</rb><rt>みなとまち</rt></ruby>に",
    ],
)
def test_readings_stand_in_parentheses_behind_their_word(html):
    assert split_html(f"<p>{html}</p>").texts == ["港町（みなとまち）に"]


def test_an_empty_reading_leaves_no_parentheses():
    assert split_html("<p><ruby>港<rt>みなと<rt></rt></ruby>").texts == ["港（みなと）"]
