// Where one check works: a folder, a project name, a port. They are the same for both plugins, so that what a client reports is the same too.
import { spawn } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

const PROJECT = 'com.docker.compose.project'

/** Runs a check in a scene; whatever it has left on the engine, in its projects and in its folder is removed afterwards. */
export async function withScene(given, body) {
  const scene = sceneOf(given)
  await mkdir(scene.folder, { recursive: true })
  try {
    return await body(scene)
  } finally {
    for (const project of scene.projects) await removeProject(project)
    await rm(scene.folder, { recursive: true, force: true })
  }
}

function sceneOf({ folder, project, image, port, registry, subnet }) {
  // An engine has addresses for about 30 networks that do not name theirs.
  const networks = { default: { ipam: { config: [{ subnet }] } } }
  const env = { ...process.env, COMPOSE_PROJECT_NAME: project }
  return {
    ...{ folder, project, image, port, registry, env },
    /** Projects to remove: a client may choose names of its own. */
    projects: [project],
    /** Writes a file: text, or data as JSON. */
    write: (path, content) => writeBelow(folder, path, isStack(path, content) ? { networks, ...content } : content),
    /** Runs a program to its end: `{ code, stdout, stderr }`. */
    run: (words, options) => run(words, { cwd: folder, env, ...options }),
    /** What the engine holds of a project, without the project's name: `{ containers, networks, volumes }`. */
    engine: (named = project) => engineOf(named),
  }
}

function isStack(path, content) {
  return basename(path) === 'compose.yaml' && typeof content === 'object'
}

async function writeBelow(folder, path, content) {
  await mkdir(dirname(join(folder, path)), { recursive: true })
  await writeFile(join(folder, path), typeof content === 'string' ? content : `${JSON.stringify(content, null, 2)}\n`)
}

/** Milliseconds after which a client hangs. */
const LIMIT = 300_000

export function run([program, ...args], { cwd, env, stdin = '' } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env })
    const ran = { code: null, stdout: '', stderr: '' }
    const limit = setTimeout(() => {
      child.kill()
      reject(new Error(`${program} ${args[0]} has not ended after ${LIMIT / 1000} s: ${ran.stdout}${ran.stderr}`))
    }, LIMIT)
    for (const stream of ['stdout', 'stderr'])
      child[stream].setEncoding('utf8').on('data', (text) => {
        ran[stream] += text
      })
    child.on('error', reject).on('close', (code) => resolve({ ...ran, code }))
    child.on('close', () => clearTimeout(limit))
    child.stdin.on('error', () => undefined)
    child.stdin.end(stdin)
  })
}

/** The lines that docker prints, in order. */
async function lines(...args) {
  const { code, stdout, stderr } = await run(['docker', ...args])
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`)
  return stdout.split('\n').filter(Boolean).sort()
}

async function engineOf(project) {
  const of = (...words) => lines(...words, '--filter', `label=${PROJECT}=${project}`)
  const [containers, networks, volumes] = await Promise.all([
    of('ps', '-a', '--format', '{{.Names}} {{.State}}'),
    of('network', 'ls', '--format', '{{.Name}}'),
    of('volume', 'ls', '--format', '{{.Name}}'),
  ])
  const short = (names) => names.map((name) => withoutRandom(name.replace(new RegExp(`^${project}[-_]`), '')))
  return { containers: short(containers), networks: short(networks), volumes: short(volumes) }
}

/** The names of one-off containers end in random letters. */
function withoutRandom(name) {
  return name.replace(/-run-[0-9a-f]{12}/, '-run-ID')
}

async function removeProject(project) {
  const of = (...words) => lines(...words, '--filter', `label=${PROJECT}=${project}`)
  const remove = async (words, names) => names.length > 0 && run(['docker', ...words, ...names])
  await remove(['rm', '-fv'], await of('ps', '-aq'))
  await remove(['network', 'rm'], await of('network', 'ls', '-q'))
  await remove(['volume', 'rm'], await of('volume', 'ls', '-q'))
  const images = await lines('images', '--format', '{{.Repository}}:{{.Tag}}', '--filter', `reference=*${project}*`)
  await remove(['image', 'rm', '-f'], images)
}
