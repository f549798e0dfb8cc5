// Ansible of Debian trixie, unpacked beside the system: bookworm's is too old for these modules.

import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { withPackages } from '../../lib/debian-package.mjs'
import { run, UserError } from '../../lib/process.mjs'
import { cacheFolder } from '../lib/npm.mjs'

const PACKAGES = [
  'ansible',
  'ansible-core',
  'python3-jinja2',
  'python3-markupsafe',
  'python3-yaml',
  'python3-packaging',
  'python3-resolvelib',
]
const MODULES = 'usr/lib/python3/dist-packages'

/** Of more than a hundred collections in the package. */
const COLLECTIONS = ['community/docker', 'community/library_inventory_filtering_v1', 'ansible/posix']

/** Ansible 12 wants Python 3.11. */
const PYTHONS = ['python3', '/usr/bin/python3', 'python3.13', 'python3.12', 'python3.11']

/** Resolves to `{ version, folder, program, env }`: the version is the collection's, `program` starts ansible-playbook. */
export async function installAnsible({ log }) {
  const folder = join(cacheFolder(), 'ansible-trixie')
  if (!existsSync(folder)) {
    log('Unpacking Ansible of Debian trixie …')
    await withPackages(PACKAGES, 'trixie', (unpacked) => keep(unpacked, folder))
  }
  const python = await newEnoughPython()
  const manifest = JSON.parse(
    await readFile(join(folder, 'ansible_collections/community/docker/MANIFEST.json'), 'utf8'),
  )
  return {
    version: manifest.collection_info.version,
    folder,
    program: [python, join(folder, 'bin/ansible-playbook'), '-i', 'localhost,', '-c', 'local'],
    env: {
      PYTHONPATH: folder,
      ANSIBLE_HOME: join(folder, 'home'),
      ANSIBLE_PYTHON_INTERPRETER: python,
      ANSIBLE_STDOUT_CALLBACK: 'ansible.posix.json',
      LC_ALL: 'C.UTF-8',
    },
  }
}

/** By a rename: half a package is never there. */
async function keep(unpacked, folder) {
  const half = `${folder}.${process.pid}`
  const modules = join(unpacked, MODULES)
  await rm(half, { recursive: true, force: true })
  await mkdir(half, { recursive: true })
  await cp(modules, half, { recursive: true, filter: (path) => !path.startsWith(join(modules, 'ansible_collections')) })
  for (const each of COLLECTIONS)
    await cp(join(modules, 'ansible_collections', each), join(half, 'ansible_collections', each), { recursive: true })
  await cp(join(unpacked, 'usr/bin'), join(half, 'bin'), { recursive: true, dereference: true })
  await rename(half, folder)
}

async function newEnoughPython() {
  const code = 'import sys; print(sys.executable, sys.version_info >= (3, 11))'
  for (const program of PYTHONS) {
    const { output } = await run(program, ['-c', code])
    const [path, isEnough] = output.trim().split(' ')
    if (isEnough === 'True') return path
  }
  throw new UserError('Ansible 12 needs Python 3.11')
}
