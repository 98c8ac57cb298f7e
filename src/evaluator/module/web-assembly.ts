/** The part of the WebAssembly API that the evaluator uses; the compiler's library for Node has no types of it. */
interface WebAssemblyApi {
  compile(bytes: Uint8Array): Promise<CompiledModule>
  instantiate(module: CompiledModule, imports: Readonly<Record<string, never>>): Promise<ModuleInstance>
}

export interface CompiledModule {
  readonly compiled: unique symbol
}

interface ModuleInstance {
  readonly exports: object
}

/** Memory of an instance. Growing it gives it another buffer. */
export interface ModuleMemory {
  readonly buffer: ArrayBuffer
}

export const webAssembly: WebAssemblyApi = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi })
  .WebAssembly
