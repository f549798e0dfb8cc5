import { error } from '../../../../diagnostics/diagnostic.ts'
import type { NetworkDetail } from '../../../../docker/port.ts'
import type { Network } from '../../../../stack/model.ts'
import { COMPOSE } from '../../../docker/labels.ts'
import { changesOf } from '../../compare/compare-network.ts'
import { oldest } from '../../observe/networks.ts'
import type { PlannedNetwork, UpContext } from '../types.ts'
import { createNetwork, keepNetwork } from './network-steps.ts'
import { recreate } from './recreate-network.ts'

/**
 * A network for containers to join: existing or planned. `undefined` if it is unavailable; then an error is recorded.
 */
export function planNetwork(context: UpContext, key: string): PlannedNetwork | undefined {
  if (!context.networks.has(key)) context.networks.set(key, decideNetwork(context, key))
  return context.networks.get(key)
}

function decideNetwork(context: UpContext, key: string): PlannedNetwork | undefined {
  const network = context.declared.stack.networks[key]
  if (!network) return undefined
  const named = context.lookup.networks(network.name)
  if (network.external) return named[0] ? { id: named[0].id } : missingNetwork(context, key, network)
  const ours = oldest(named.filter((each) => each.labels[COMPOSE.project] === context.declared.stack.name))
  if (ours)
    return changesOf(network, ours).length > 0 ? recreate(context, key, network, ours) : keepNetwork(context, key, ours)
  return named[0]
    ? foreign(context, key, named[0])
    : createNetwork(context, key, network, { cause: 'not created yet', after: [] })
}

export function missingNetwork(context: UpContext, key: string, network: Network): undefined {
  const at = context.declared.spanOf(`networks.${key}`)
  const hint = `create it with \`docker network create ${network.name}\`, or leave out "external"`
  context.problems.push(error('unknown-resource', `external network "${network.name}" does not exist`, { at, hint }))
}

function foreign(context: UpContext, key: string, found: NetworkDetail): undefined {
  const owner = found.labels[COMPOSE.project]
  const whose = owner ? `belongs to project "${owner}"` : 'was not created for this project'
  const at = context.declared.spanOf(`networks.${key}`)
  const hint = 'declare it with "external: true" to use it, or use another name'
  context.problems.push(error('foreign-resource', `network "${found.name}" exists and ${whose}`, { at, hint }))
}
