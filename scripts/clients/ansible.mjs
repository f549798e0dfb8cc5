// Ansible's collection community.docker: its modules docker_compose_v2, _exec, _run and _pull, also in check mode.
import { checks as changes } from './ansible/changes.mjs'
import { checks as inside } from './ansible/inside.mjs'
import { installAnsible } from './ansible/install.mjs'

export const title = 'community.docker (Ansible)'

export const install = installAnsible

export const checks = { ...changes, ...inside }

const VOLUMES =
  'docker compose also makes the volumes of the dependencies that it leaves out; flotilla makes what the container uses'

/** Differences that are meant. */
export const reasons = {
  'run without dependencies': VOLUMES,
  'present without dependencies': VOLUMES,
  'stopped with services':
    'docker compose stops a service again that has stopped already, and the task has changed something; with flotilla it has not',
  'present with remove_orphans': 'both warn of containers whose services are gone, in other words',
  'present with an image that is not there':
    'with `pull: never`, flotilla refuses before it makes the network, so that the task has changed nothing; docker compose refuses afterwards',
}
