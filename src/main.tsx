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
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { App } from './app/App';
import { hasSimd } from './app/simd';
import { session } from './state/session';

const root = document.getElementById('root');
if (!root) throw new Error('The page has no element #root.');

if (hasSimd()) {
  createRoot(root).render(
    <StrictMode>
      <App />
    </StrictMode>,
  );
  session.start();
} else {
  root.className = 'no-simd';
  root.textContent =
    'Edgescope needs WebAssembly SIMD, which this browser does not have: please open it in a current version of Chrome, Edge, Firefox or Safari.';
}
