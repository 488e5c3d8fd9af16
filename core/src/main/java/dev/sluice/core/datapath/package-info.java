/** The SPI: what a backend implements, and the plain data it is given. Pure; knows no backend. */
package dev.sluice.core.datapath;
