// What flotilla is to reach, judged from one run.
import { paired } from './statistics.mjs'
import { COMPOSE, FLOOR, FLOTILLA } from './subjects.mjs'

const LARGE = 300
const BRINGS = ['up', 'change', 'down']
const LOOKS = ['again', 'ps', 'config']

/**
 * Each target: which rows it is about, how flotilla is held against whom (`x`: times that one's time, `+`: milliseconds above it; without
 * `of`: milliseconds), and how much it may be.
 */
const TARGETS = [
  { about: ({ operation }) => BRINGS.includes(operation), by: 'x', of: FLOOR, most: 1.1 },
  { about: ({ operation }) => BRINGS.includes(operation), by: 'x', of: COMPOSE, most: 1 },
  { about: ({ operation, services }) => LOOKS.includes(operation) && services < LARGE, by: '+', of: FLOOR, most: 40 },
  {
    about: ({ operation, services }) => LOOKS.includes(operation) && services >= LARGE,
    by: 'x',
    of: COMPOSE,
    most: 0.5,
  },
  { about: isOf('ready after 2 s', 'up'), by: '+', most: 3_500 },
  { about: isOf('healthy chain 8', 'up'), by: 'x', of: COMPOSE, most: 0.35 },
  { about: isOf('healthy chain 8', 'again'), by: 'x', of: COMPOSE, most: 0.06 },
  { about: isOf('handoff', 'handoff'), by: '+', most: 150 },
]

/** How one number is held against another. */
const HELD = { x: (own, other) => own / other, '+': (own, other) => own - other }

/** Every target on every row that it is about: `{ case, operation, by, of, most, measured, holds }`. */
export function judge(rows) {
  return TARGETS.flatMap(({ about, ...target }) => rows.filter(about).flatMap((row) => verdict(target, row)))
}

function isOf(name, operation) {
  return (row) => row.case === name && row.operation === operation
}

function verdict(target, row) {
  const measured = held(row, target.by, target.of)
  if (measured === undefined) return []
  return [{ case: row.case, operation: row.operation, ...target, measured, holds: measured <= target.most }]
}

/** Flotilla against another subject, undefined where one of the two was not measured. */
export function held({ subjects }, by, other) {
  const own = subjects[FLOTILLA]?.ms
  if (!own || other === undefined) return own?.median
  const against = subjects[other]?.ms
  return against && paired(own.samples, against.samples, HELD[by])
}
