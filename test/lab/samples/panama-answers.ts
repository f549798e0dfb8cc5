import { readFileSync } from 'node:fs'
import { join } from 'node:path'

/** The answers to the queries of samples/panama, computed from the CSV files alone. */
type Row = Record<string, string>
type Answer = (string | number)[]

/** The officer from whom `reached.cypher` starts. */
const START = '12000001'

/** By the query's file. */
export function answersOf(folder: string): Record<string, Answer[]> {
  const read = (name: string) => parsed(readFileSync(join(folder, `${name}.csv`), 'utf8'))
  const entities = byId(read('nodes-entities'))
  const officers = byId(read('nodes-officers'))
  const intermediaries = byId(read('nodes-intermediaries'))
  const addresses = byId(read('nodes-addresses'))
  const links = read('relationships')
  const founders = links.filter(ofType('intermediary_of'))
  const offices = links.filter(ofType('officer_of'))
  const homes = links.filter(ofType('registered_address'))
  const founderOf = new Map(founders.map((each) => [end(each), start(each)]))
  const entitiesOf = grouped(offices, start, end)
  const sizes = [entities, officers, intermediaries, addresses].map(({ size }) => size)
  return {
    'nodes.cypher': [[...sizes, links.length]],
    'jurisdictions.cypher': [
      ...counted([...entities.values()].map((each) => each.jurisdiction_description ?? '')),
    ].sort(mostFirst),
    'intermediaries.cypher': [...grouped(founders, start, end)]
      .map(([id, ids]) => [
        nameIn(intermediaries, id),
        ids.length,
        distinct(ids.map((each) => entities.get(each)?.jurisdiction)),
      ])
      .sort(mostFirst)
      .slice(0, 5),
    'officers.cypher': [...entitiesOf]
      .map(([id, ids]) => [nameIn(officers, id), distinct(ids), distinct(ids.map((each) => founderOf.get(each)))])
      .sort((a, b) => Number(b[2]) - Number(a[2]) || mostFirst(a, b))
      .slice(0, 5),
    'addresses.cypher': [...grouped(homes, end, start)]
      .map(([id, ids]) => [id, ids.filter((each) => entitiesOf.has(each))] as const)
      .map(([id, ids]) => [
        addresses.get(id)?.address ?? '',
        distinct(ids),
        distinct(ids.flatMap((each) => entitiesOf.get(each))),
      ])
      .sort((a, b) => Number(b[2]) - Number(a[2]) || compared(a[0], b[0]))
      .slice(0, 5),
    'reached.cypher': [[reachedFrom(START, entitiesOf, grouped(offices, end, start))]],
  }
}

/** Other officers within two entities: breadth first. */
function reachedFrom(first: string, entitiesOf: Map<string, string[]>, officersOf: Map<string, string[]>): number {
  const seen = new Set([first])
  for (let round = 0; round < 2; round++) {
    const met = [...seen]
      .flatMap((officer) => entitiesOf.get(officer) ?? [])
      .flatMap((entity) => officersOf.get(entity) ?? [])
    for (const officer of met) seen.add(officer)
  }
  return seen.size - 1
}

/** Rows of a CSV file whose fields hold no line breaks. */
function parsed(text: string): Row[] {
  const [head = '', ...lines] = text.trim().split('\n')
  const columns = head.split(',')
  return lines.map((line) => Object.fromEntries(fields(line).map((field, index) => [columns[index], field])))
}

function fields(line: string): string[] {
  return [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map(
    ([, quoted, plain]) => quoted?.replaceAll('""', '"') ?? plain ?? '',
  )
}

function byId(rows: Row[]): Map<string, Row> {
  return new Map(rows.map((row) => [row.node_id ?? '', row]))
}

function ofType(type: string) {
  return (row: Row) => row.rel_type === type
}

function start(row: Row): string {
  return row.node_id_start ?? ''
}

function end(row: Row): string {
  return row.node_id_end ?? ''
}

function grouped(rows: Row[], key: (row: Row) => string, value: (row: Row) => string): Map<string, string[]> {
  const groups = new Map<string, string[]>()
  for (const row of rows) groups.set(key(row), [...(groups.get(key(row)) ?? []), value(row)])
  return groups
}

function counted(values: string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}

function distinct(values: unknown[]): number {
  return new Set(values).size
}

function nameIn(nodes: Map<string, Row>, id: string): string {
  return nodes.get(id)?.name ?? ''
}

/** By the number in the second place, then by the first. */
function mostFirst(a: Answer, b: Answer): number {
  return Number(b[1]) - Number(a[1]) || compared(a[0], b[0])
}

function compared(a: Answer[0] | undefined, b: Answer[0] | undefined): number {
  return String(a) < String(b) ? -1 : 1
}
