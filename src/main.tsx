/** Entry of the page: mounts the app and starts the session, once. */
import '@fontsource-variable/inter';
import './ui/theme.css';
import './ui/base.css';
import './ui/controls.css';
import './ui/fields.css';
import './ui/slider.css';
import './ui/info.css';
import './ui/dialog.css';
import './app/app.css';
import './app/overlays.css';
import './app/windows.css';
import './app/phone.css';
import './app/presenting.css';
import { StrictMode, type JSX } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { isBenchmark, watchRoute, wayBack } from './app/route';
import { hasSimd } from './app/simd';
import { decodeLink } from './experiment/link';
import { session } from './state/session';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element #root.');

const mount = (page: JSX.Element): void => createRoot(root).render(<StrictMode>{page}</StrictMode>);
watchRoute();

if (!hasSimd()) {
  root.className = 'no-simd';
  root.textContent =
    'Edgescope needs WebAssembly SIMD, which this browser does not have: please open it in a current version of Chrome, Edge, Firefox or Safari.';
} else if (isBenchmark(location.hash)) {
  const { theme } = decodeLink(location.hash).view;
  import('./panels/benchmark/BenchmarkPage').then(
    ({ BenchmarkPage }) => mount(<BenchmarkPage theme={theme} back={wayBack()} />),
    () => (root.textContent = 'The benchmark could not be fetched: is the page’s server there?'),
  );
} else {
  mount(<App />);
  session.start();
}
