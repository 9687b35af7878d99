// fake-gpu is a kubelet device plugin whose devices do not exist: the scheduler, the kubelet and the pods see GPUs on a
// machine that has none. An allocated pod finds the ids in NVIDIA_VISIBLE_DEVICES, as with NVIDIA's own plugin.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	plugin "k8s.io/kubelet/pkg/apis/deviceplugin/v1beta1"
)

const poll = 300 * time.Millisecond

type gpus struct {
	plugin.UnimplementedDevicePluginServer
	count         int
	unhealthyFile string
}

func (g *gpus) GetDevicePluginOptions(context.Context, *plugin.Empty) (*plugin.DevicePluginOptions, error) {
	return &plugin.DevicePluginOptions{}, nil
}

// devices lists GPU-fake-0, GPU-fake-1, ...; those named in the file, separated by white space, are unhealthy.
func (g *gpus) devices() []*plugin.Device {
	text, _ := os.ReadFile(g.unhealthyFile) // No file: all are well.
	unhealthy := strings.Fields(string(text))
	devices := make([]*plugin.Device, g.count)
	for i := range devices {
		devices[i] = &plugin.Device{ID: fmt.Sprintf("GPU-fake-%d", i), Health: plugin.Healthy}
		if slices.Contains(unhealthy, devices[i].ID) {
			devices[i].Health = plugin.Unhealthy
		}
	}
	return devices
}

func (g *gpus) ListAndWatch(_ *plugin.Empty, stream grpc.ServerStreamingServer[plugin.ListAndWatchResponse]) error {
	told := ""
	for {
		devices := g.devices()
		if now := fmt.Sprint(devices); now != told {
			if err := stream.Send(&plugin.ListAndWatchResponse{Devices: devices}); err != nil {
				return err
			}
			told = now
		}
		select {
		case <-stream.Context().Done():
			return nil
		case <-time.After(poll):
		}
	}
}

func (g *gpus) Allocate(_ context.Context, request *plugin.AllocateRequest) (*plugin.AllocateResponse, error) {
	response := &plugin.AllocateResponse{}
	for _, container := range request.ContainerRequests {
		response.ContainerResponses = append(response.ContainerResponses, &plugin.ContainerAllocateResponse{
			Envs: map[string]string{"NVIDIA_VISIBLE_DEVICES": strings.Join(container.DevicesIds, ",")},
		})
	}
	return response, nil
}

// register tells the kubelet of the plugin's socket; it waits for a kubelet that is not up yet.
func register(ctx context.Context, kubelet, endpoint, resource string) error {
	connection, err := grpc.NewClient("unix://"+kubelet, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer connection.Close()
	request := &plugin.RegisterRequest{
		Version: plugin.Version, Endpoint: endpoint, ResourceName: resource, Options: &plugin.DevicePluginOptions{},
	}
	_, err = plugin.NewRegistrationClient(connection).Register(ctx, request, grpc.WaitForReady(true))
	return err
}

// serve runs until ctx ends (nil) or the kubelet, on its own start, has removed all plugins' sockets (errRemoved).
func serve(ctx context.Context, g *gpus, folder, resource string) error {
	endpoint := strings.ReplaceAll(resource, "/", "-") + ".sock"
	socket := filepath.Join(folder, endpoint)
	if err := os.Remove(socket); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	listener, err := net.Listen("unix", socket)
	if err != nil {
		return err
	}
	server := grpc.NewServer()
	plugin.RegisterDevicePluginServer(server, g)
	go server.Serve(listener)
	defer server.Stop()
	if err := register(ctx, filepath.Join(folder, "kubelet.sock"), endpoint, resource); err != nil {
		return err
	}
	log.Printf("registered %d of %s", g.count, resource)
	for {
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(poll):
		}
		if _, err := os.Stat(socket); errors.Is(err, os.ErrNotExist) {
			return errRemoved
		}
	}
}

var errRemoved = errors.New("the kubelet removed the socket: it was started anew")

func main() {
	folder := flag.String("dir", "/var/lib/kubelet/device-plugins", "folder of the kubelet's device plugin sockets")
	count := flag.Int("n", 4, "number of devices")
	resource := flag.String("resource", "nvidia.com/gpu", "name of the extended resource")
	unhealthy := flag.String("unhealthy-file", "", "file that names the unhealthy devices; read again and again")
	flag.Parse()
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	defer stop()
	for ctx.Err() == nil {
		err := serve(ctx, &gpus{count: *count, unhealthyFile: *unhealthy}, *folder, *resource)
		if err != nil && ctx.Err() == nil {
			log.Print(err)
			time.Sleep(poll)
		}
	}
}
