import { MemoryDisk } from '../../src/store/memory.ts';
import { TabHub } from '../../src/tabs/hub.ts';
import { Device } from './device.ts';
import type { Network } from './network.ts';

/** One browser of one person: a disk that outlives its tabs, and the tabs that share it. */
export class Browser {
  readonly disk = new MemoryDisk();
  readonly sent = new Map<string, string>();
  readonly hub: TabHub;
  tabs: Device[] = [];
  #writer: Device | undefined;
  #ids = 0;
  #opened = 0;

  constructor(
    readonly name: string,
    readonly userId: string,
    readonly network: Network,
  ) {
    this.hub = new TabHub({ clock: network.clock, random: network.random });
    this.open();
  }

  newId(): string {
    return `${this.name}-${++this.#ids}`;
  }

  open(): Device {
    const device = new Device(this, this.hub.open(`${this.name}.${++this.#opened}`), this.network);
    this.tabs.push(device);
    device.engine.start();
    return device;
  }

  /** Where its person writes: nobody types in two tabs within a fifth of a second. */
  get writer(): Device | undefined {
    if (!this.#writer || !this.tabs.includes(this.#writer) || this.#writer.tab.state !== 'live')
      this.#writer = this.tabs.find((device) => device.tab.state === 'live');
    return this.#writer;
  }

  /** Without a word, in the middle of whatever it was doing. */
  crash(device: Device): void {
    device.transport.drop();
    device.tab.crash();
    this.tabs = this.tabs.filter((other) => other !== device);
  }

  /** A page that is closed still gets to finish what it writes to the disk. */
  close(device: Device): void {
    device.engine.stop();
    device.transport.drop();
    this.network.clock.setTimeout(() => device.tab.close(), 100);
    this.tabs = this.tabs.filter((other) => other !== device);
  }
}
