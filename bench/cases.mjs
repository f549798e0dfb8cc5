// What is measured: each case brings one stack through some operations.
import { chain, flat, healthyChain, layered, slowDatabase } from './stacks.mjs'

const CHAIN = 30
/** Only read, never brought up. */
const LARGE = [300, 1000]

/**
 * @typedef {object} Case
 * @property {string} name
 * @property {import('./stacks.mjs').Stack} stack
 * @property {'lifecycle' | 'config' | 'handoff'} kind
 */

/** @returns {Case[]} those that the flags ask for */
export function casesFor({ sizes, only, quick }) {
  const stacks = [
    ...sizes.map(flat),
    ...sizes.filter((size) => size >= 10).map(layered),
    ...(Math.max(...sizes) >= CHAIN ? [chain(CHAIN)] : []),
    slowDatabase(),
    healthyChain(8),
  ]
  const cases = [
    ...stacks.map((stack) => ({ name: stack.name, stack, kind: 'lifecycle' })),
    ...[...sizes, ...(quick ? [300] : LARGE)].map((size) => ({
      name: `config ${size}`,
      stack: flat(size),
      kind: 'config',
    })),
    { name: 'handoff', stack: healthyChain(8), kind: 'handoff' },
  ]
  return cases.filter(({ name }) => only.length === 0 || only.some((part) => name.includes(part)))
}
