"""The text of Cypher statements, as far as AGE and Neo4j differ in it."""
import re

# A string, a name in backquotes, or a comment: nothing in them is syntax.
OPAQUE = re.compile(r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|//[^\n]*|/\*.*?\*/""", re.S)


def masked(text):
    """The text with every opaque part blanked, at the same length: positions in one are positions in the other."""
    return OPAQUE.sub(lambda found: ' ' * len(found[0]), text)


def without_comments(text):
    return OPAQUE.sub(lambda found: ' ' if found[0].startswith('/') else found[0], text)


def statements(script):
    """The statements of a script, between semicolons."""
    script = without_comments(script)
    ends = [found.start() for found in re.finditer(';', masked(script))] + [len(script)]
    begins = [0] + [end + 1 for end in ends]
    parts = [script[begin:end].strip() for begin, end in zip(begins, ends)]
    return [part for part in parts if part]


def columns(statement):
    """The names of what the statement returns: [] without RETURN. An item without a name is named by its text, as in Neo4j."""
    plain = masked(statement)
    found = list(re.finditer(r'\bRETURN\b(\s+DISTINCT\b)?', plain, re.I))
    if not found:
        return []
    begin = found[-1].end()
    end = re.search(r'\b(ORDER\s+BY|SKIP|LIMIT)\b|$', plain[begin:], re.I).start() + begin
    cuts = [begin - 1] + [at for at in range(begin, end) if plain[at] == ',' and depth(plain, begin, at) == 0] + [end]
    return [column(statement[left + 1:right].strip()) for left, right in zip(cuts, cuts[1:])]


def depth(plain, begin, at):
    """How many brackets are open at a position."""
    part = plain[begin:at]
    return sum(part.count(each) for each in '([{') - sum(part.count(each) for each in ')]}')


def column(item):
    if item == '*':
        raise ValueError('RETURN * is not supported here: name what to return')
    named = re.search(r'\sAS\s+(`[^`]+`|\w+)$', item, re.I)
    return named[1].strip('`') if named else item
