// Ansible's collection community.docker: its modules docker_compose_v2, _exec, _run and _pull, also in check mode.
import { checks as changes } from './ansible/changes.mjs'
import { checks as inside } from './ansible/inside.mjs'
import { installAnsible } from './ansible/install.mjs'

export const title = 'community.docker (Ansible)'

export const install = installAnsible

export const checks = { ...changes, ...inside }
