// What is measured: each case brings one stack through some operations.
import { chain, flat, healthyChain, layered, serverlessChain, slowDatabase } from './stacks.mjs'

const CHAIN = 30
/** Larger stacks are measured flat only: they take minutes. */
const LARGEST_LAYERED = 300
/** Read in any case, not only brought up. */
const LARGE = [300, 1000]

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {import('./stacks.mjs').Stack} stack
 * @property {'lifecycle' | 'config' | 'handoff'} kind
 * @property {number} rounds how often it is measured
 */

/** @returns {Case[]} those that the flags ask for */
export function casesFor({ sizes, only, quick, rounds, roundsOf }) {
  const stacks = [
    ...sizes.map(flat),
    ...sizes.filter((size) => size >= 10 && size < LARGEST_LAYERED).map(layered),
    ...(Math.max(...sizes) >= CHAIN ? [chain(CHAIN)] : []),
    slowDatabase(),
    healthyChain(8),
    serverlessChain(8),
  ]
  const cases = [
    ...stacks.map((stack) => ({
      name: stack.name,
      stack,
      kind: 'lifecycle',
      rounds: roundsOf(stack.services.length),
    })),
    ...[...new Set([...sizes, ...(quick ? [300] : LARGE)])].map((size) => ({
      name: `config ${size}`,
      stack: flat(size),
      kind: 'config',
      rounds,
    })),
    { name: 'handoff', stack: healthyChain(8), kind: 'handoff', rounds },
    { name: 'handoff, no server', stack: serverlessChain(8), kind: 'handoff', rounds },
  ]
  return cases.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)))
}
