import { type Engine, EngineError } from '../../../../docker/port.ts'
import type { VolumeSpec } from '../../../../docker/spec.ts'
import { OURS } from '../../../docker/labels.ts'
import { type Initials, recordInitials } from '../../database/initial.ts'
import { removeHolder } from '../../transfer/holders.ts'

/** Creates a volume; a database's volume records the settings that apply only at its initialisation. */
export async function createVolume(
  engine: Engine,
  { spec, initials }: { spec: VolumeSpec; initials?: Initials },
): Promise<void> {
  const labels = initials && { Labels: { ...spec.Labels, [OURS.initials]: recordInitials(initials) } }
  await engine.createVolume({ ...spec, ...labels })
}

/** A volume that is already gone counts as removed. */
export async function removeVolume(engine: Engine, { name, filled }: { name: string; filled?: true }): Promise<void> {
  const marks = filled ? await engine.listContainers({ labels: [`${OURS.fillingVolume}=${name}`] }) : []
  // What marks the volume and does not mount it goes last: until then the volume may be a half of one.
  for (const { id } of marks.filter(({ mounts }) => mounts.some((mount) => mount.name === name)))
    await removeHolder(engine, id)
  await removeOnly(engine, name)
  for (const { id } of marks) await removeHolder(engine, id)
}

async function removeOnly(engine: Engine, name: string): Promise<void> {
  try {
    await engine.removeVolume(name)
  } catch (thrown) {
    if (!(thrown instanceof EngineError && thrown.kind === 'gone')) throw thrown
  }
}
