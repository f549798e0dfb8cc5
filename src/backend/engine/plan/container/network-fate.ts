import type { Candidate, PlannedNetwork } from '../types.ts'
import { isStranded } from './bound-network.ts'

/**
 * Why a container has to be recreated for a network that it was in, or was created in; undefined if it need not be. A stopped one can only
 * start in the networks that it was in, by id.
 * @param runs whether it runs, or is a job that is done
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

/** What has become of the network that had the same name. */
function fateOf({ step, replaces }: PlannedNetwork): string {
  if (step === undefined) return 'was replaced'
  return replaces === undefined ? 'was removed' : 'is recreated'
}
