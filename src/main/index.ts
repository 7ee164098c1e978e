import { app } from 'electron';
import { startElectron } from './hosts/electron/start.ts';
import { claimScheme } from './hosts/electron/scheme.ts';

// Two windows on one store would show each other's runs as foreign; the second start brings the first window to the front.
if (app.requestSingleInstanceLock()) {
  // A scheme can be claimed only before the app is ready.
  claimScheme();
  void startElectron();
} else app.quit();
