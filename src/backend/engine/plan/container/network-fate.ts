import type { Candidate, PlannedNetwork } from '../types.ts'
import { isStranded } from './bound-network.ts'

/**
 * The reason why a container must be recreated for a network in which it was or was created; undefined if there is none. A stopped
 * container can only start in its former networks, by id.
 * @param runs whether it runs or is a completed job
 */
export function lostNetwork({ context, slot: { current }, networks }: Candidate, runs: boolean): string | undefined {
  if (!current || runs) return undefined
  const { networks: declared } = context.declared.stack
  const lost = networks.find(({ key, planned }) => {
    const joined = current.networks[declared[key]?.name ?? '']?.networkId
    return joined !== undefined && joined !== '' && joined !== planned.id
  })
  return lost && `network "${lost.key}" ${fateOf(lost.planned)}`
}

export function strandedBy({ context, slot: { current }, networks }: Candidate): string | undefined {
  if (!current || !isStranded(context, current, networks)) return undefined
  const mode = networks.find(
    ({ planned }) => planned.replaces !== undefined && planned.replaces === current.networkMode,
  )
  return `the network that it was created in ${mode ? 'is recreated' : 'no longer exists'}`
}

/** What happened to the network with the same name. */
function fateOf({ step, replaces }: PlannedNetwork): string {
  if (step === undefined) return 'was replaced'
  return replaces === undefined ? 'was removed' : 'is recreated'
}
