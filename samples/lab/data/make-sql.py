#!/usr/bin/env python3
"""Derives the SQL that seeds the laboratory's databases from two copies of Natural Earth data (see README.md).

    make-sql.py countries-50m.json naturalearth_lowres.dbf

writes ../postgis/initdb/countries.sql and ../mysql/initdb/countries.sql. Needs Python's standard library alone.
"""

import json
import struct
import sys
import textwrap
from itertools import groupby
from pathlib import Path

LAB = Path(__file__).resolve().parent.parent
CONTINENT = 'Europe'
# Most of Russia lies in Asia: its population and its European border would not belong together.
LEFT_OUT = {'RUS'}
# For the same reason, islands and territories far away are left out: parts with their centre outside of this window.
WEST, EAST, SOUTH, NORTH = -25, 41, 34, 72
# A hundredth of a degree is about 1 km, as fine as borders at this scale are.
DECIMALS = 2
# The two copies are of different years.
OLD_NAMES = {'North Macedonia': 'Macedonia'}
FULL_NAMES = {'Bosnia and Herz.': 'Bosnia and Herzegovina'}
# Kosovo has no code of ISO's; this one is commonly used.
CODES = {'Kosovo': 'XKX'}

ORIGIN = """\
-- Countries of Europe without Russia: {what}.
-- Made with Natural Earth (naturalearthdata.com), which is in the public domain. How: see ../../data/README.md.
-- Written by data/make-sql.py: change that, not this.
"""


def main(atlas_file, table_file):
    atlas = json.loads(Path(atlas_file).read_text())
    countries = sorted(european(read_dbf(Path(table_file).read_bytes())), key=lambda country: country['code'])
    write('mysql', mysql_script(countries))
    write('postgis', postgis_script(countries, borders_by_name(atlas)))


def write(service, script):
    path = LAB / service / 'initdb' / 'countries.sql'
    path.write_text(script)
    print(f'{path.relative_to(LAB)}: {len(script) // 1024} KB')


# The table: population and economy


def read_dbf(data):
    """The records of a dBASE file, as dictionaries of strings."""
    count, header, width = struct.unpack('<IHH', data[4:12])
    descriptors = [data[at : at + 32] for at in range(32, header - 1, 32)]
    fields = [(field[:11].split(b'\0')[0].decode(), field[16]) for field in descriptors]
    for start in range(header, header + count * width, width):
        at, record = start + 1, {}
        for name, size in fields:
            record[name] = data[at : at + size].decode('latin-1').strip()
            at += size
        yield record


def european(records):
    for record in records:
        code = CODES.get(record['name'], record['iso_a3'])
        if record['continent'] == CONTINENT and code not in LEFT_OUT:
            yield {
                'code': code,
                'name': record['name'],
                'population': int(float(record['pop_est'])),
                'gdp': int(float(record['gdp_md_est'])),
            }


def mysql_script(countries):
    rows = ',\n'.join(f"  ('{c['code']}', '{full_name(c)}', {c['population']}, {c['gdp']})" for c in countries)
    return f"""{ORIGIN.format(what='estimates of population and economy, most of 2019')}
CREATE TABLE countries (
  iso_a3           CHAR(3)      NOT NULL PRIMARY KEY,
  name             VARCHAR(60)  NOT NULL,
  population       INT UNSIGNED NOT NULL,
  gdp_million_usd  INT UNSIGNED NOT NULL
);

INSERT INTO countries VALUES
{rows};
"""


def full_name(country):
    return FULL_NAMES.get(country['name'], country['name'])


# The map: borders


def borders_by_name(atlas):
    arcs = [absolute(arc, **atlas['transform']) for arc in atlas['arcs']]
    geometries = atlas['objects']['countries']['geometries']
    return {geometry['properties']['name']: list(polygons(geometry, arcs)) for geometry in geometries}


def absolute(arc, scale, translate):
    """A TopoJSON arc holds steps on a grid. Returns positions in degrees."""
    x = y = 0
    points = []
    for dx, dy in arc:
        x, y = x + dx, y + dy
        points.append((round(x * scale[0] + translate[0], DECIMALS), round(y * scale[1] + translate[1], DECIMALS)))
    return points


def polygons(geometry, arcs):
    parts = [geometry['arcs']] if geometry['type'] == 'Polygon' else geometry['arcs']
    for part in parts:
        rings = [ring(indices, arcs) for indices in part]
        if in_window(rings[0]):
            yield [points for points in rings if len(points) > 3]


def ring(indices, arcs):
    """Joins arcs to a ring. An arc's last point is the next one's first; a negative index is an arc backwards."""
    points = [point for index in indices for point in (arcs[index] if index >= 0 else reversed(arcs[~index]))]
    return [point for point, _ in groupby(points)]


def in_window(points):
    xs, ys = zip(*points)
    x, y = (min(xs) + max(xs)) / 2, (min(ys) + max(ys)) / 2
    return WEST < x < EAST and SOUTH < y < NORTH and len(points) > 3


def postgis_script(countries, borders):
    inserts = '\n'.join(insert(country, borders) for country in countries)
    return f"""{ORIGIN.format(what='their borders, at the scale 1 : 50 million')}
CREATE TABLE countries (
  iso_a3  char(3)  PRIMARY KEY,
  name    text     NOT NULL,
  border  geometry(MultiPolygon, 4326) NOT NULL CHECK (ST_IsValid(border))
);

{inserts}
CREATE INDEX ON countries USING gist (border);
ANALYZE countries;
"""


def insert(country, borders):
    border = borders[OLD_NAMES.get(country['name'], country['name'])]
    text = '\n'.join(textwrap.wrap(f'MULTIPOLYGON({", ".join(map(polygon_text, border))})', 118))
    return f"INSERT INTO countries VALUES ('{country['code']}', '{full_name(country)}', ST_GeomFromText('\n{text}\n', 4326));\n"


def polygon_text(rings):
    return f'({", ".join(map(ring_text, rings))})'


def ring_text(points):
    return f'({",".join(f"{x:g} {y:g}" for x, y in points)})'


if __name__ == '__main__':
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    main(*sys.argv[1:])
