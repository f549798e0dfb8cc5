import type { Engine } from '../../../docker/port.ts'
import type { Transfer } from '../../transfer.ts'
import { dumpTransfer } from './dumps.ts'
import { freezer } from './freezer.ts'
import { imageTransfer } from './images.ts'
import { volumeTransfer } from './volumes.ts'

export function engineTransfer(engine: Engine): Transfer {
  return {
    images: imageTransfer(engine),
    volumes: volumeTransfer(engine),
    dumps: dumpTransfer(engine),
    freezer: freezer(engine),
  }
}
