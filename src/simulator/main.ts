import { Balancer } from './balancer/balancer.ts';
import { controlServer } from './control-server.ts';
import { Fleet } from './fleet.ts';
import { fleetOptionsSchema } from './options.ts';

const options = fleetOptionsSchema.parse(JSON.parse(process.argv[2] ?? '{}'));
const fleet = new Fleet(options);
const balancer = new Balancer(fleet, options.apiKey);

function shutDown(): void {
  fleet.stop();
  process.exit(0);
}
process.on('SIGTERM', shutDown);
process.on('SIGINT', shutDown);
// The parent holds the other end: when it ends, for any reason, this ends and so does the fleet.
process.stdin.on('end', shutDown).on('close', shutDown).resume();

await fleet.minimumReady();
const port = await balancer.listen(options.port, options.host);
const control = controlServer(fleet, balancer, { host: options.host, port });
control.listen(0, '127.0.0.1', () => {
  const address = control.address();
  if (typeof address !== 'object' || address === null) throw new Error('The control server has no port.');
  const host = options.host.includes(':') ? `[${options.host}]` : options.host;
  process.stdout.write(
    `${JSON.stringify({ url: `http://${host}:${port}`, control: `http://127.0.0.1:${address.port}` })}\n`,
  );
});
