// What all checks of Ansible's modules share.

/** A web service, what it depends on, and a service of a profile. */
export function stack({ image, port }, web = {}) {
  const stays = { image, init: true, command: ['sleep', '1000'] }
  return {
    services: {
      web: { ...stays, depends_on: ['db'], ports: [`127.0.0.1:${port}:80`], environment: { WORD: 'one' }, ...web },
      db: { ...stays, volumes: ['data:/data'] },
      tool: { ...stays, profiles: ['tools'] },
    },
    volumes: { data: {} },
  }
}

/** A task of one of the modules: `compose('', { state: 'present' })`; `check`: in check mode. */
export function task(module, options, { check = false } = {}) {
  return { [`community.docker.docker_compose_v2${module}`]: options, check_mode: check, ignore_errors: true }
}

/** A check that plays tasks on a folder with `compose.yaml`, on a stack that is up, unless `cold`, and returns their results and what the engine holds. */
export function check(tasksOf, { file = stack, cold = false } = {}) {
  return async (scene, place) => {
    await scene.write('compose.yaml', file(scene))
    if (!cold) await up(scene)
    return { results: await play(scene, place, await tasksOf(scene)), engine: await scene.engine() }
  }
}

async function up({ project, run }) {
  const { code, stderr } = await run(['docker', 'compose', '-p', project, 'up', '-d'])
  if (code !== 0) throw new Error(stderr)
}

async function play(scene, place, tasks) {
  const defaults = { project_src: scene.folder, project_name: scene.project }
  const whole = tasks.map((each) =>
    Object.fromEntries(
      Object.entries(each).map(([key, value]) => [
        key,
        key.startsWith('community.') && !value.definition ? { ...defaults, ...value } : value,
      ]),
    ),
  )
  await scene.write('play.json', [{ hosts: 'localhost', gather_facts: false, tasks: whole }])
  const { stdout, stderr } = await scene.run([...place.program, `${scene.folder}/play.json`])
  if (!stdout.includes('"plays"')) throw new Error(`${stdout}${stderr}`)
  const results = JSON.parse(stdout.slice(stdout.indexOf('{'))).plays[0].tasks.map(({ hosts }) => hosts.localhost)
  return results.map(plain)
}

/** Of a result, what does not depend on times and ids. Actions by name: tools take them in different orders. */
function plain({ changed, failed, rc, msg, warnings, actions, containers, images, stdout, ...rest }) {
  return {
    // docker compose alone asks for the plugin buildx.
    ...{
      changed,
      failed,
      rc,
      warnings: (warnings ?? []).filter((each) => !each.includes("buildx isn't installed")).map(warningOf),
    },
    ...(failed && { said: typeof msg === 'string' && msg.length > 0 }),
    ...(actions && { actions: actions.flatMap(action).sort() }),
    ...(containers && { containers: byName(containers).map(container) }),
    ...(images?.length > 0 && {
      images: byName(images).map(({ ContainerName, Repository, Tag }) => ({ ContainerName, Repository, Tag })),
    }),
    ...(stdout !== undefined && rest.stderr === undefined && { stdout }),
    ...('container_id' in rest && { hasId: /^[0-9a-f]{12,}$/.test(rest.container_id) }),
  }
}

/** docker compose begins some warnings with the word. */
const warningOf = (text) => text.replace('None: Warning: ', 'None: ')

/**
 * Before Compose 5, no line says that a build begins, and what is pulled has its service's name. Containers that replace others have
 * an id in front of theirs.
 */
function action({ what, id, status }) {
  if (status === 'Building') return []
  return status === 'Pulling' ? status : `${what} ${id.replace(/^[0-9a-f]{12}_/, '')} ${status}`
}

function byName(rows) {
  return [...rows].sort((a, b) => ((a.Name ?? a.ContainerName) < (b.Name ?? b.ContainerName) ? -1 : 1))
}

function container({
  Name,
  Names,
  Service,
  State,
  ExitCode,
  Health,
  Image,
  Command,
  Networks,
  Publishers,
  Project,
  Labels,
}) {
  const named = Object.keys(Labels)
    .filter((label) => label.startsWith('com.docker.compose.') && !label.endsWith('.replace'))
    .sort()
  return { Name, Names, Service, State, ExitCode, Health, Image, Command, Networks, Publishers, Project, named }
}
