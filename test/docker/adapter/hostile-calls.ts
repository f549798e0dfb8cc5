import type { Engine } from '../../../src/docker/port.ts'

export type Call = (engine: Engine, signal: AbortSignal) => Promise<unknown>

const WEB = 'a'.repeat(64)
const BUILD = { args: {}, labels: {}, cacheFrom: [], extraHosts: [], noCache: false, pull: false }
const REMOTE = { ...BUILD, context: 'https://x.invalid/x.git', dockerfile: 'Dockerfile', tags: ['app:1'] }
const EXEC = { cmd: ['x'], stdin: false, tty: false, attached: true }
const nothing = () => undefined

async function drained(lines: AsyncIterable<unknown>): Promise<void> {
  for await (const _ of lines);
}

async function* noBytes(): AsyncGenerator<Uint8Array> {}

/** What is asked once, and answered once. */
export const CALLS: Record<string, Call> = {
  version: (engine, signal) => engine.version(signal),
  apiVersion: (engine, signal) => engine.apiVersion(signal),
  listContainers: (engine, signal) => engine.listContainers({ labels: ['a=b'] }, signal),
  inspectContainer: (engine, signal) => engine.inspectContainer(WEB, signal),
  listNetworks: (engine, signal) => engine.listNetworks({}, signal),
  inspectNetwork: (engine, signal) => engine.inspectNetwork('5', signal),
  listVolumes: (engine, signal) => engine.listVolumes({}, signal),
  inspectVolume: (engine, signal) => engine.inspectVolume('p_data', signal),
  listImages: (engine, signal) => engine.listImages(signal),
  inspectImage: (engine, signal) => engine.inspectImage('app:1', signal),
  registryDigest: (engine, signal) => engine.registryDigest('app:1', signal),
  logs: (engine, signal) => drained(engine.logs(WEB, { follow: false, timestamps: true }, signal)),
  processes: (engine, signal) => engine.processes(WEB, signal),
  stats: (engine, signal) => drained(engine.stats(WEB, { stream: false }, signal)),
  readFile: (engine, signal) => engine.readFile(WEB, '/x', { limit: 10 }, signal),
  createContainer: (engine) => engine.createContainer('p-web-1', { Image: 'app:1', HostConfig: {} }),
  startContainer: (engine) => engine.startContainer(WEB),
  stopContainer: (engine) => engine.stopContainer(WEB, { grace: 1 }),
  killContainer: (engine) => engine.killContainer(WEB, 'KILL'),
  pauseContainer: (engine) => engine.pauseContainer(WEB),
  unpauseContainer: (engine) => engine.unpauseContainer(WEB),
  removeContainer: (engine) => engine.removeContainer(WEB, { force: true, volumes: true }),
  renameContainer: (engine) => engine.renameContainer(WEB, 'x'),
  setRestartPolicy: (engine) => engine.setRestartPolicy(WEB, { name: 'no' }),
  createNetwork: (engine) => engine.createNetwork({ Name: 'n' }),
  removeNetwork: (engine) => engine.removeNetwork('5'),
  connectNetwork: (engine) => engine.connectNetwork('5', WEB, {}),
  disconnectNetwork: (engine) => engine.disconnectNetwork('5', WEB, { force: true }),
  createVolume: (engine) => engine.createVolume({ Name: 'v' }),
  removeVolume: (engine) => engine.removeVolume('v'),
  pullImage: (engine, signal) => engine.pullImage('app:1', { signal, onProgress: nothing }),
  pushImage: (engine, signal) => engine.pushImage('app:1', { signal, onProgress: nothing }),
  tagImage: (engine) => engine.tagImage('app:1', 'app:2'),
  removeImage: (engine) => engine.removeImage('app:1'),
  createExec: (engine, signal) => engine.createExec(WEB, EXEC, signal),
  startExec: (engine, signal) => engine.startExec('e1', { tty: false }, signal),
  inspectExec: (engine, signal) => engine.inspectExec('e1', signal),
  resizeExec: (engine) => engine.resizeExec('e1', { columns: 1, rows: 1 }),
  resizeContainer: (engine) => engine.resizeContainer(WEB, { columns: 1, rows: 1 }),
  putFiles: (engine) => engine.putFiles(WEB, '/', []),
  statPath: (engine, signal) => engine.statPath(WEB, '/x', signal),
  getArchive: async (engine, signal) => drained(await engine.getArchive(WEB, '/x', signal)),
  putArchive: (engine, signal) => engine.putArchive(WEB, '/', noBytes(), { asUser: true }, signal),
  saveImages: async (engine, signal) => drained(await engine.saveImages(['app:1'], signal)),
  loadImages: (engine, signal) => engine.loadImages(noBytes(), { signal }),
  volumeSizes: (engine, signal) => engine.volumeSizes(signal),
  containerChanges: (engine, signal) => engine.containerChanges(WEB, signal),
  commitContainer: (engine, signal) => engine.commitContainer(WEB, { changes: ['ENV A=1'], pause: true }, signal),
  buildImage: (engine, signal) => engine.buildImage(REMOTE, { signal, onProgress: nothing, onOutput: nothing }),
  'buildImage, of several platforms': (engine, signal) =>
    engine.buildImage({ ...REMOTE, platforms: ['a/b', 'c/d'] }, { signal, onProgress: nothing, onOutput: nothing }),
}

/** What may go on for as long as it likes. */
export const STREAMS: Record<string, Call> = {
  events: async (engine, signal) => drained(await engine.events({ types: ['container'] }, signal)),
  'logs -f': (engine, signal) => drained(engine.logs(WEB, { follow: true, timestamps: false }, signal)),
  'stats, streamed': (engine, signal) => drained(engine.stats(WEB, { stream: true }, signal)),
  attachContainer: async (engine, signal) =>
    drained((await engine.attachContainer(WEB, { stdin: false, tty: false }, signal)).output),
  attachExec: async (engine, signal) => drained((await engine.attachExec('e1', { tty: false }, signal)).output),
  exec: (engine, signal) => engine.exec(WEB, { cmd: ['true'] }, signal),
  waitContainer: async (engine, signal) => (await engine.waitContainer(WEB, 'next-exit', signal)).exitCode(),
}
