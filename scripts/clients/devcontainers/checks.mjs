// What all checks of the command line of Dev Containers share.
import { join } from 'node:path'

/** The files of a workspace: `devcontainer.json` and Compose files beside it. */
export async function workspace(scene, { config = {}, files = { 'compose.yaml': stack(scene) }, more = {} }) {
  const names = Object.keys(files)
  const dockerComposeFile = names.length === 1 ? names[0] : names
  const whole = { name: 'test', dockerComposeFile, service: 'app', workspaceFolder: '/workspace', ...config }
  await scene.write('.devcontainer/devcontainer.json', whole)
  for (const [path, content] of Object.entries({ ...files, ...more }))
    await scene.write(`.devcontainer/${path}`, content)
}

/** A service to work in, a database's stand-in that it needs, and one that it does not need. */
export function stack({ image }, app = {}) {
  const stays = { image, init: true, command: ['sleep', '1000'] }
  return {
    services: {
      app: { ...stays, volumes: ['..:/workspace'], depends_on: ['db'], environment: { FROM: 'compose' }, ...app },
      db: { ...stays, volumes: ['data:/data'] },
      extra: stays,
    },
    volumes: { data: {} },
  }
}

/** Runs a command of the client. Resolves to `{ code, stdout, stderr, outcome }`: it prints its outcome as JSON. */
export async function devcontainer(scene, place, command, ...args) {
  const program = join(place.folder, 'node_modules/@devcontainers/cli/devcontainer.js')
  const own = [
    '--workspace-folder',
    scene.folder,
    ...(command === 'build' ? [] : ['--mount-workspace-git-root', 'false']),
  ]
  const ran = await scene.run([process.execPath, program, command, ...own, ...args])
  const last = ran.stdout.trim().split('\n').at(-1) ?? ''
  return { ...ran, outcome: last.startsWith('{') ? JSON.parse(last) : undefined }
}

/** Its outcome without ids; throws with what it has printed if it fails. */
export async function succeeds(scene, place, command, ...args) {
  const { code, outcome, stdout, stderr } = await devcontainer(scene, place, command, ...args)
  if (code !== 0)
    throw new Error(`${command}: ${outcome?.message ?? ''} ${outcome?.description ?? ''}\n${stdout}${stderr}`)
  const { containerId, ...rest } = outcome ?? {}
  return rest
}

/** What an exec prints, and its exit code. */
export async function inside(scene, place, ...words) {
  const { code, stdout } = await devcontainer(scene, place, 'exec', ...words)
  return { code, stdout: stdout.trim() }
}

/** How the container of a service was created, without what depends on the time and on the tool. */
export async function created(scene, service = 'app', project = scene.project) {
  const { stdout } = await scene.run(['docker', 'inspect', `${project}-${service}-1`])
  const [{ Config, HostConfig, Mounts }] = JSON.parse(stdout)
  return {
    ...{
      cmd: Config.Cmd,
      entrypoint: Config.Entrypoint,
      env: Config.Env.sort(),
      user: Config.User,
      image: Config.Image,
    },
    ...{ init: HostConfig.Init, capAdd: HostConfig.CapAdd, privileged: HostConfig.Privileged },
    labels: labelsOf(Config.Labels),
    mounts: Mounts.map(
      ({ Type, Name, Source, Destination, RW }) => `${Type} ${Name ?? Source} ${Destination} ${RW}`,
    ).sort(),
  }
}

const OF_COMPOSE = ['project', 'service', 'oneoff', 'container-number', 'project.config_files', 'project.working_dir']

function labelsOf(labels) {
  const kept = Object.entries(labels).filter(
    ([name]) =>
      !/^(com\.docker\.compose|io\.flotilla)\./.test(name) ||
      OF_COMPOSE.some((each) => name === `com.docker.compose.${each}`),
  )
  return Object.fromEntries(kept.map(([name, value]) => [name, value.replace(/\d{13}-[0-9a-f-]{36}/g, 'TIME')]).sort())
}

/** The id of a service's container. */
export async function idOf(scene, service = 'app') {
  return (await scene.run(['docker', 'inspect', '-f', '{{.Id}}', `${scene.project}-${service}-1`])).stdout
}

/** A check whose workspace is written first; what it returns, and what the engine holds then, must be the same. */
export function check(files, body) {
  return async (scene, place) => {
    await workspace(scene, typeof files === 'function' ? files(scene) : files)
    return { seen: await body(scene, place), engine: await scene.engine() }
  }
}
