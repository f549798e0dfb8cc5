import type { Engine } from '../../../docker/port.ts'
import type { FileStore } from '../../read/files.ts'

export function fileStore(engine: Engine): FileStore {
  return {
    statPath: (id, path, signal) => engine.statPath(id, path, signal),
    readArchive: (id, path, signal) => engine.getArchive(id, path, signal),
    writeArchive: (id, directory, archive, options, signal) =>
      engine.putArchive(id, directory, archive, options, signal),
    exportContainer: (id, signal) => engine.exportContainer(id, signal),
    commit: (id, options, signal) => engine.commitContainer(id, options, signal),
  }
}
