import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'uvu'
import { SAMPLES_FOLDER, sampleNamed } from '../../../scripts/samples/samples.mjs'
import { samplesOfTurn } from '../../../scripts/samples/turns.mjs'
import { type Scene, withScene } from '../../live/scene.ts'
import { ensureBuilt, freePorts } from '../../support/cli.ts'
import { liveEngine } from '../../support/live.ts'

/** A scene whose stack files are those of a sample, in a copy of its folder, with images built from Debian's packages. */
export interface SampleScene extends Scene {
  /** The copy of the sample's folder. */
  sample: string
  /** Adds a stack file to those of the sample. */
  addFile(content: object): Promise<void>
}

const live = await liveEngine()
const turn = await samplesOfTurn()

/** Registers a test of a sample; it is skipped, with the reason, where no engine answers, and while it is not the sample's turn. */
export function sampleTest(name: string, title: string, body: (scene: SampleScene) => Promise<void>): void {
  const why = 'skip' in live ? live.skip : reasonToWait(name)
  if ('skip' in live || why) {
    // The reason is printed: no engine answers, or it is another sample's turn.
    console.log(`skipped: ${why}`)
    test.skip(title)
    return
  }
  ensureBuilt()
  test(title, () => withScene(live.engine, async (scene) => body(await inCopy(scene, name))))
}

function reasonToWait(name: string): string | undefined {
  if (turn.includes(name)) return undefined
  return `it is not the turn of ${name} (FLOTILLA_SAMPLES=all runs all samples)`
}

async function inCopy(scene: Scene, name: string): Promise<SampleScene> {
  // The whole folder: samples use images of each other.
  const copies = join(scene.folder, 'samples')
  cpSync(SAMPLES_FOLDER, copies, {
    recursive: true,
    preserveTimestamps: true,
    filter: (source) => !source.endsWith('/broken'),
  })
  const { standIn } = sampleNamed(name)
  const sample = join(copies, name)
  const files = ['stack.yaml', ...(standIn ? ['stand-in.yaml'] : [])].map((file) => join(sample, file))
  scene.env.COMPOSE_FILE = files.join(':')
  const addFile = async (content: object) => {
    await scene.write('test.yaml', JSON.stringify(content))
    scene.env.COMPOSE_FILE = [...files, join(scene.folder, 'test.yaml')].join(':')
  }
  return { ...scene, sample, addFile }
}

/** The variables of a stack file that choose host ports, each with a free one. */
export async function freePortsFor(...variables: string[]): Promise<Record<string, string>> {
  const ports = await freePorts(variables.length)
  return Object.fromEntries(variables.map((variable, index) => [variable, String(ports[index])]))
}
