"""XML is read with lines and limits, and nothing in it is expanded or fetched."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from games.errors import UserError
from games.formats.xml_tree import MAX_CHARACTERS, MAX_DEPTH, MAX_ELEMENTS, attribute, parse_xml
from tests.games.formats.genius_domains import PLAIN

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [
 <!ENTITY lol "lol">
 <!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">
 <!ENTITY lol3 "&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;&lol2;">
]>
<utility_space name="&lol3;"/>"""


def refusal(text: str) -> str:
    with pytest.raises(UserError) as caught:
        parse_xml(text, "file.xml")
    return str(caught.value)


def test_elements_keep_attributes_order_and_lines() -> None:
    root = parse_xml('<a x="1">\n<b/>text<!-- c -->\n<c y="&lt;&#10;"><b/></c></a>', "file.xml")

    assert (root.tag, dict(root.attributes), root.line) == ("a", {"x": "1"}, 1)
    assert [(child.tag, child.line) for child in root.children] == [("b", 2), ("c", 3)]
    assert root.children[1].attributes == {"y": "<\n"}
    assert [child.line for child in root.all("b")] == [2]


def test_what_the_text_declares_as_its_encoding_does_not_matter_any_more() -> None:
    root = parse_xml('\ufeff<?xml version="1.0" encoding="ISO-8859-1"?><a x="ü"/>', "file.xml")

    assert root.attributes == {"x": "ü"}


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (BOMB, 2),
        ('<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>', 1),
        ('<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]><a>&x;</a>', 1),
        ('<!DOCTYPE a PUBLIC "-//x" "http://127.0.0.1/x.dtd"><a/>', 1),
        ("\n\n<!DOCTYPE a><a/>", 3),
        ('<!DOCTYPE a [<!ENTITY % p "x"> %p;]><a/>', 1),
    ],
)
def test_every_document_type_is_refused_before_anything_is_expanded(text: str, line: int) -> None:
    assert refusal(text) == (
        f"file.xml:{line}: found a document type or entity declaration; "
        "expected plain XML without one"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "file.xml:1: not valid XML: no element found"),
        ("no XML", "file.xml:1: not valid XML: syntax error"),
        ("<a>\n<b></a>", "file.xml:2: not valid XML: mismatched tag"),
        ("<a/><b/>", "file.xml:1: not valid XML: junk after document element"),
        ('<a x="1" x="2"/>', "file.xml:1: not valid XML: duplicate attribute"),
        ("<a>&x;</a>", "file.xml:1: not valid XML: undefined entity"),
        ("<a>\0</a>", "file.xml:1: not valid XML: not well-formed (invalid token)"),
        ('<a x="\ud800"/>', "file.xml: not valid XML: it holds half a surrogate pair"),
        (
            "<a>" * (MAX_DEPTH + 1),
            f"file.xml:1: found elements nested deeper than {MAX_DEPTH} levels",
        ),
        (
            f"<a>{'<b/>' * MAX_ELEMENTS}</a>",
            f"file.xml:1: found more than {MAX_ELEMENTS} elements; expected a smaller file",
        ),
        (
            " " * (MAX_CHARACTERS + 1),
            f"file.xml: {MAX_CHARACTERS + 1} characters; at most {MAX_CHARACTERS} are read",
        ),
    ],
    ids=range(11),
)  # fmt: skip
def test_what_is_no_xml_or_too_much_of_it_is_refused(text: str, message: str) -> None:
    assert refusal(text) == message


PIECES = st.sampled_from(
    ["<a>", "</a>", "<a/>", '<a x="', '"', "'", "&lt;", "&x;", "&#0;", "<!--", "-->", "<![CDATA[",
     "]]>", "<?xml version='1.0'?>", "<!DOCTYPE a [", "<!ENTITY x 'y'>", "]>", "\0", "ü", "\ud800"]
)  # fmt: skip


@settings(max_examples=300)
@given(st.one_of(st.text(), st.lists(PIECES, max_size=12).map("".join)))
def test_any_text_is_an_element_or_a_clear_refusal(text: str) -> None:
    try:
        root = parse_xml(text, "file.xml")
    except UserError as error:
        assert str(error).startswith("file.xml:")  # noqa: PT017
        assert str(error).isprintable()  # noqa: PT017
    else:
        assert root.line >= 1


@given(st.text(PLAIN) | st.sampled_from("\t\n"))
def test_attributes_read_back_as_they_were(text: str) -> None:
    assert parse_xml(f"<a x={attribute(text)}/>", "file.xml").attributes == {"x": text}


@pytest.mark.parametrize("text", ["\0", "\x1b[31m", "a\x0bb", "\ufffe", "\ud800"])
def test_what_xml_cannot_hold_is_refused(text: str) -> None:
    with pytest.raises(UserError, match=r"^'.*': XML cannot hold its character '.*'$"):
        attribute(text)


@pytest.mark.parametrize("spelled", ["&#x9b;", "&#x202e;", "&#13;", "&#x85;"])
def test_attributes_that_a_terminal_would_act_on_are_refused(spelled: str) -> None:
    with pytest.raises(UserError, match=r"^file\.xml:1: found control characters in the attribute"):
        parse_xml(f'<a x="y{spelled}z"/>', "file.xml")
