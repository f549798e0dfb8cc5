// Writes the CSV files of this folder: `node samples/panama/data/make-data.mjs [FOLDER]`. Everything in them is invented; their shape is that
// of the ICIJ's Offshore Leaks Database (see README.md). The same files come out each time, on every machine.
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const SOURCE = 'Invented'
const COUNTS = { entities: 1400, officers: 1100, intermediaries: 90, addresses: 500 }

/** First node number of each kind. */
const FIRST = { entities: 10_000_001, intermediaries: 11_000_001, officers: 12_000_001, addresses: 14_000_001 }

/** Code, description, weight. */
const JURISDICTIONS = [
  ['BVI', 'British Virgin Islands', 50],
  ['PMA', 'Panama', 22],
  ['BAH', 'Bahamas', 9],
  ['SEY', 'Seychelles', 8],
  ['NIUE', 'Niue', 5],
  ['SAM', 'Samoa', 3],
  ['ANG', 'British Anguilla', 2],
  ['NEV', 'Nevada', 1],
]

const COUNTRIES = [
  ['HKG', 'Hong Kong'],
  ['CHE', 'Switzerland'],
  ['GBR', 'United Kingdom'],
  ['PAN', 'Panama'],
  ['LUX', 'Luxembourg'],
  ['CYP', 'Cyprus'],
  ['URY', 'Uruguay'],
  ['ISL', 'Iceland'],
]

const SYLLABLES = ['bra', 'dol', 'fen', 'gri', 'hul', 'jor', 'kel', 'lum', 'mav', 'nis', 'orv', 'pel', 'quo', 'rast', 'sil', 'tov', 'ulm', 'vek', 'wen', 'zar']
const ENDINGS = ['HOLDINGS S.A.', 'TRADING LTD.', 'INVESTMENTS INC.', 'GROUP CORP.', 'OVERSEAS LIMITED', 'FOUNDATION']
const STREETS = ['Harbour Road', 'Calle Larga', 'Mill Lane', 'Rue Haute', 'Market Square', 'Quay Street']
const LINKS = ['shareholder of', 'director of', 'beneficiary of', 'secretary of']
const MONTHS = ['JAN', 'FEB', 'MAR', 'APR', 'MAY', 'JUN', 'JUL', 'AUG', 'SEP', 'OCT', 'NOV', 'DEC']

let state = 2016

/** A whole number from 0 to `limit`, exclusive; always in the same order (the generator of Park and Miller). */
function below(limit) {
  state = (state * 48_271) % 2_147_483_647
  return Math.floor((state / 2_147_483_647) * limit)
}

/** Low numbers are far likelier than high ones: a few have much, most have little. */
function belowSkewed(limit) {
  return Math.floor((below(1_000_000) / 1_000_000) ** 2 * limit)
}

function oneOf(list) {
  return list[below(list.length)]
}

function weighted(list) {
  let rest = below(list.reduce((sum, [, , weight]) => sum + weight, 0))
  return list.find(([, , weight]) => {
    rest -= weight
    return rest < 0
  })
}

function word(syllables) {
  const text = Array.from({ length: syllables }, () => oneOf(SYLLABLES)).join('')
  return text[0].toUpperCase() + text.slice(1)
}

function date() {
  return `${String(1 + below(28)).padStart(2, '0')}-${oneOf(MONTHS)}-${1985 + below(30)}`
}

function nodes(kind, make) {
  return Array.from({ length: COUNTS[kind] }, (_, index) => ({ node_id: FIRST[kind] + index, ...make(), sourceID: SOURCE }))
}

function entity() {
  const [jurisdiction, jurisdiction_description] = weighted(JURISDICTIONS)
  const name = `${word(2)} ${word(2)}`.toUpperCase()
  const status = oneOf(['Active', 'Defaulted', 'Dissolved'])
  return { name: `${name} ${oneOf(ENDINGS)}`, jurisdiction, jurisdiction_description, incorporation_date: date(), status, ...country() }
}

function country() {
  const [country_codes, countries] = oneOf(COUNTRIES)
  return { country_codes, countries }
}

function address() {
  return { address: `${1 + below(200)} ${oneOf(STREETS)}, ${word(2)}`, ...country() }
}

function relationship(start, end, rel_type, link) {
  return { node_id_start: start.node_id, node_id_end: end.node_id, rel_type, link, start_date: below(3) ? date() : '', sourceID: SOURCE }
}

function relationshipsOf({ entities, officers, intermediaries, addresses }) {
  const founders = entities.map((each) =>
    relationship(intermediaries[belowSkewed(intermediaries.length)], each, 'intermediary_of', 'intermediary of'),
  )
  const offices = entities.flatMap((each) => officersOf(each, officers))
  const homes = officers.map((each) =>
    relationship(each, addresses[belowSkewed(addresses.length)], 'registered_address', 'registered address'),
  )
  return [...founders, ...offices, ...homes]
}

/** One to three different ones. */
function officersOf(entity, officers) {
  const chosen = new Set(Array.from({ length: 1 + below(3) }, () => officers[belowSkewed(officers.length)]))
  return [...chosen].map((each) => relationship(each, entity, 'officer_of', oneOf(LINKS)))
}

function csv(rows) {
  const columns = Object.keys(rows[0])
  const lines = rows.map((row) => columns.map((column) => cell(row[column])).join(','))
  return `${[columns.join(','), ...lines].join('\n')}\n`
}

function cell(value) {
  const text = String(value)
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

const graph = {
  entities: nodes('entities', entity),
  officers: nodes('officers', () => ({ name: `${word(2)} ${word(3)}`, ...country() })),
  intermediaries: nodes('intermediaries', () => ({ name: `${word(3)} & ${word(2)}`, status: 'ACTIVE', ...country() })),
  addresses: nodes('addresses', address),
}
const folder = process.argv[2] ?? fileURLToPath(new URL('.', import.meta.url))
for (const [kind, rows] of Object.entries(graph)) writeFileSync(join(folder, `nodes-${kind}.csv`), csv(rows))
writeFileSync(join(folder, 'relationships.csv'), csv(relationshipsOf(graph)))
