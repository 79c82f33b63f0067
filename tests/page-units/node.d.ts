// What the tests use of Node's own modules, whose types would be one more package: what is checked is how the page's modules are used.

declare module "node:fs" {
  export function readFileSync(file: URL, encoding: "utf8"): string;
  export function readdirSync(folder: URL): string[];
}

declare module "node:test" {
  export function test(name: string, body: (context: { after(end: () => void): void }) => unknown): void;
  export function beforeEach(body: () => void): void;
  export function afterEach(body: () => void): void;
  export const mock: any;
}

declare module "node:*";
