import { chromium } from '@playwright/test';
import { createServer } from 'node:http'; import { readFileSync, existsSync, writeFileSync } from 'node:fs';
import { flacFile } from './src/simulator/media/flac.ts'; import { Audio } from './src/simulator/nodes/values.ts';
for (const rate of [8000, 44100, 96000]) writeFileSync(`/tmp/simtry2/o/m/sine${rate}.flac`, flacFile(new Audio(rate,[Float32Array.from({length:66150},(_, i)=>Math.sin(i/20)*.5)]),[{key:'a',text:'b'}]));
const s = createServer((q,r)=>{ if(!existsSync('/tmp/simtry2/o/m'+q.url)||q.url==='/'){r.setHeader('content-type','text/html');r.end('<body></body>');return;} const b=readFileSync('/tmp/simtry2/o/m'+q.url); r.setHeader('content-type', 'audio/flac'); r.end(b);}).listen(4711);
const b = await chromium.launch({executablePath:'/usr/bin/chromium',args:['--no-sandbox']});
const p = await b.newPage(); await p.goto('http://127.0.0.1:4711/');
for (const f of ['/sine8000.flac','/sine44100.flac','/sine96000.flac']) {
 console.log(f, await p.evaluate(async (u)=>{ const v=document.createElement('video'); v.muted=true; v.src=u; document.body.append(v); try{ await v.play(); await new Promise(r=>{v.onended=r; setTimeout(r,12000)}); }catch(e){return String(e)+' '+v.error?.message} return [v.duration,v.ended,v.error?.message] }, f));
}
await b.close(); s.close();
