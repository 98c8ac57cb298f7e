import { build } from '#generated/code-build'
import { keepCompiledCode } from '../../source/code-cache.ts'

/** Has Node keep the command's own code. @param enable Node's `enableCompileCache` */
export const keepOwnCode = (enable: (folder: string) => unknown): void => keepCompiledCode(build, enable)
