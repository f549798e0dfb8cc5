// The command line of `npm run bench`.
import { parseArgs } from 'node:util'
import { UserError } from '../scripts/lib/process.mjs'

const SIZES = [1, 10, 50, 100, 300]
const ROUNDS = 3
/** What takes minutes is measured less often: services from which on, and how often at most. */
const FEWER_ROUNDS = [
  [300, 1],
  [50, 2],
]

/**
 * @typedef {object} Flags
 * @property {number[]} sizes  numbers of services
 * @property {number} rounds   how often everything is measured at most
 * @property {(services: number) => number} roundsOf  how often a stack of that size is
 * @property {string[]} only   parts of names of cases; empty: all
 * @property {boolean} complete whether nothing was left out: only then is the plot drawn anew
 * @property {boolean} quick
 */

/** @returns {Flags} */
export function parseFlags(args) {
  const { sizes, rounds, only, quick } = valuesOf(args)
  return {
    sizes: sizes ? numbers(sizes, '--sizes') : quick ? [1, 10] : SIZES,
    ...roundsFor(rounds, quick),
    only: only ? only.split(',').map((part) => part.trim()) : [],
    complete: !sizes && !only && !quick,
    quick,
  }
}

/** A number that was asked for is meant for every size. */
function roundsFor(asked, quick) {
  const rounds = asked ? numbers(asked, '--rounds')[0] : quick ? 1 : ROUNDS
  const fewer = (services) => FEWER_ROUNDS.find(([from]) => services >= from)?.[1] ?? rounds
  return { rounds, roundsOf: (services) => (asked ? rounds : Math.min(rounds, fewer(services))) }
}

function valuesOf(args) {
  const text = { type: 'string' }
  try {
    return parseArgs({
      args,
      options: { sizes: text, rounds: text, only: text, quick: { type: 'boolean', default: false } },
    }).values
  } catch (error) {
    throw new UserError(`${error.message}\nFlags: --sizes 1,10  --rounds 3  --quick  --only "flat 10,config"`)
  }
}

function numbers(text, flag) {
  const found = text.split(',').map(Number)
  if (found.every((each) => Number.isInteger(each) && each > 0)) return found
  throw new UserError(`${flag} takes whole numbers above zero, not "${text}".`)
}
